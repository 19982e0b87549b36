// Texts for random schemas, with their formats and patterns.

/** Formats, each with a valid text. */
export const FORMATS: readonly (readonly [format: string, value: string])[] = [
  ['date', '2024-02-29'],
  ['date-time', '2024-02-29T10:11:12Z'],
  ['email', 'a@example.com'],
  ['uuid', '5b1c1a0e-6c1d-4d0b-8f9a-0d9d7f6a2c11'],
  ['uri', 'https://example.com/a'],
  ['ipv4', '10.0.0.1'],
  ['duration', 'P1D'],
  ['byte', 'YWJj'],
  ['hostname', 'a.example'],
  ['password', 'secret'],
];

/** Patterns, each with a text that matches it. */
export const PATTERNS: readonly (readonly [pattern: string, value: string])[] = [
  ['^[A-Z]{3}-\\d{4}$', 'ABC-1234'],
  ['^(cus|usr)_[0-9a-z]{14}$', 'cus_0123456789abcd'],
  ['^\\+?[1-9]\\d{6,14}$', '+4912345678'],
  ['^#[0-9a-fA-F]{6}$', '#00ff7f'],
  ['\\.pdf$', 'a.pdf'],
  ['^[^\\s]+$', 'abc'],
  ['^(?!admin)[a-z]+$', 'user'],
  ['^\\d+(\\.\\d{1,2})?$', '12.50'],
];
