import {describe, expect, it} from 'vitest';
import {logText} from '../../../source/clients/docker/log-text.ts';

describe('logText', () => {
	it.each([
		['plain text', 'listening on :3100', 'listening on :3100'],
		['a structured line', '{"ts":"x","level":"info","service":"a","msg":"up","total":5}', 'up total=5'],
		[
			'a level that matters',
			'{"level":"error","message":"down","code":null,"why":{"a":1}}',
			'error: down why={"a":1}',
		],
		['a structured line without a message', '{"level":"info","event":"x"}', '{"level":"info","event":"x"}'],
		['what only looks structured', '{not json', '{not json'],
		['a message that is no text', '{"msg":{"a":1}}', '{"msg":{"a":1}}'],
		['an escape sequence', '\u001b[31mred\u001b[0m', 'red'],
		['an escape sequence within JSON', '{"msg":"a\\u001b]0;owned\\u0007b","k\\u001b[2J":"v"}', 'ab k=v'],
	])('reads %s', (_, line, text) => {
		expect(logText(line)).toBe(text);
	});
});
