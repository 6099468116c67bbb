import {Box, Text, useInput, usePaste, useWindowSize} from 'ink';
import {memo, type ReactElement, useEffect, useState, useSyncExternalStore} from 'react';
import {createController} from './controller.ts';
import {createFrameStore} from './frame-store.ts';
import type {AppProps} from './types.ts';

const Row = memo(function Row({text}: {text: string}): ReactElement {
	return (
		<Box flexShrink={0} height={1}>
			<Text wrap="truncate">{text}</Text>
		</Box>
	);
});

/** The console. Everything is drawn in pure code; here the rows meet Ink, and the keys meet the dispatcher. */
export function App(props: AppProps): ReactElement {
	const {columns, rows} = useWindowSize();
	const [{controller, frames}] = useState(() => {
		const made = createController(props, {columns, rows});
		return {controller: made, frames: createFrameStore(props, made, props.options)};
	});
	controller.resize({columns, rows});
	const lines = useSyncExternalStore(frames.subscribe, () => frames.rows({columns, rows}));
	useInput((input, key) => controller.input(input, key));
	usePaste((text) => controller.paste(text));
	// After every commit: a plan that was not drawn before is drawn now.
	useEffect(() => controller.drawn());
	// Ink takes every row apart at every frame, blanks too, and trims them in the end.
	return (
		<Box flexDirection="column" height={rows} width={columns}>
			{lines.map((text, slot) => (
				<Row key={slot} text={text.trimEnd()} />
			))}
		</Box>
	);
}
