import { expect, test } from 'vitest';
import { quickCiphers } from '../../../../src/process/ssh/ciphers.ts';

test('puts the ciphers that are quick first, and keeps what the user offers to what it was', () => {
  expect(quickCiphers('user me\nciphers chacha20-poly1305@openssh.com,aes128-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com\nport 22\n')).toBe(
    'aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr',
  );
});

test('says nothing where the user offers none of them', () => {
  expect(quickCiphers('ciphers aes256-ctr,aes128-cbc\n')).toBeUndefined();
  expect(quickCiphers('user me\n')).toBeUndefined();
});
