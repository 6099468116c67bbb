import {describe, expect, it} from 'vitest';
import {matches, mayPublish} from '../../../source/clients/nats/permissions.ts';

describe('a subject fits', () => {
	it.each([
		['a.b', 'a.b', true],
		['a.b', 'a.c', false],
		['a.b', 'a', false],
		['a', 'a.b', false],
		['a.*', 'a.b', true],
		['a.*', 'a', false],
		['a.*', 'a.b.c', false],
		['*.b', 'a.b', true],
		['a.>', 'a.b', true],
		['a.>', 'a.b.c', true],
		['a.>', 'a', false],
		['>', 'a', true],
		['$JS.API.STREAM.*.S', '$JS.API.STREAM.PURGE.S', true],
		['$JS.API.>', '$JS.API.STREAM.PURGE.S', true],
		['a.b*', 'a.bc', false],
	])('%s: %s %s', (pattern, subject, fits) => {
		expect(matches(pattern, subject)).toBe(fits);
	});
});

describe('a user may publish', () => {
	it.each([
		[{}, true],
		[{allow: []}, true],
		[{allow: ['orders.>']}, false],
		[{allow: ['orders.>', '$JS.API.STREAM.PURGE.S']}, true],
		[{responses: true}, false],
		[{allow: ['$JS.API.>'], responses: true}, true],
		[{deny: ['$JS.API.STREAM.PURGE.>']}, false],
		[{deny: ['$JS.API.STREAM.DELETE.>']}, true],
		[{allow: ['>'], deny: ['$JS.API.STREAM.PURGE.*']}, false],
	])('with %j: %s', (permissions, may) => {
		expect(mayPublish(permissions, '$JS.API.STREAM.PURGE.S')).toBe(may);
	});
});
