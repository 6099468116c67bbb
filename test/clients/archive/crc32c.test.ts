import {describe, expect, it} from 'vitest';
import {crc32c, maskedCrc32c} from '../../../source/clients/archive/crc32c.ts';

describe('crc32c', () => {
	// RFC 3720, appendix B.4: the bytes of its examples are written in the order of the wire.
	it.each([
		['32 zeros', Buffer.alloc(32), 0x8a_91_36_aa],
		['32 ones', Buffer.alloc(32, 0xff), 0x62_a8_ab_43],
		['counting up', Buffer.from(Array.from({length: 32}, (_, index) => index)), 0x46_dd_79_4e],
		['counting down', Buffer.from(Array.from({length: 32}, (_, index) => 31 - index)), 0x11_3f_db_5c],
		['digits, not a multiple of eight', Buffer.from('123456789'), 0xe3_06_92_83],
		['nothing', Buffer.alloc(0), 0],
	])('of %s', (_, bytes, sum) => {
		expect(crc32c(bytes)).toBe(sum);
	});

	it('is masked as the framing stores it', () => {
		const sum = 0xe3_06_92_83;
		const rotated = ((sum >>> 15) | (sum << 17)) >>> 0;
		expect(maskedCrc32c(Buffer.from('123456789'))).toBe((rotated + 0xa2_82_ea_d8) % 2 ** 32);
	});
});
