/** The bytes that JSON is made of. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;

/** What a byte outside a string can mean; 0 is none of these. */
export const OPENS = 1;
export const CLOSES = 2;
export const SPACE = 3;
export const NUMBER = 4;

/** The class of each of the 256 bytes, outside a string. */
export const BYTE_CLASS: Uint8Array = new Uint8Array(256);
BYTE_CLASS[OPEN_OBJECT] = OPENS;
BYTE_CLASS[OPEN_ARRAY] = OPENS;
BYTE_CLASS[CLOSE_OBJECT] = CLOSES;
BYTE_CLASS[CLOSE_ARRAY] = CLOSES;
for (const space of ' \t\n\r') BYTE_CLASS[space.charCodeAt(0)] = SPACE;
for (const part of '0123456789+-.eE') BYTE_CLASS[part.charCodeAt(0)] = NUMBER;
