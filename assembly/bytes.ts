// The bytes that JSON is made of.

export const QUOTE: u8 = 0x22;
export const COMMA: u8 = 0x2c;
export const COLON: u8 = 0x3a;
export const BACKSLASH: u8 = 0x5c;
export const OPEN_ARRAY: u8 = 0x5b;
export const CLOSE_ARRAY: u8 = 0x5d;
export const OPEN_OBJECT: u8 = 0x7b;
export const CLOSE_OBJECT: u8 = 0x7d;
export const LETTER_E: u8 = 0x65;
export const LETTER_N: u8 = 0x6e;

/** The bit that a brace has and a square bracket has not, a small letter and its capital. */
export const CASE: u8 = 0x20;

/** Four letters as one load reads them. */
export const NULL: u32 = 0x6c6c756e;
export const TRUE: u32 = 0x65757274;
export const FALS: u32 = 0x736c6166;
