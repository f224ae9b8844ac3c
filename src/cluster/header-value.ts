/** Longer tokens are refused: no identity provider issues them, and no proxy lets them through. */
const MAX_TOKEN_LENGTH = 64 * 1024;

/** Whether `token` can stand behind `Bearer `: visible ASCII without blanks. */
export function isBearerToken(token: string): boolean {
  return token.length <= MAX_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(token);
}

/** Whether no character of `text` can end a header or be dropped on the way. */
export function isHeaderText(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text) && text.trim() === text;
}
