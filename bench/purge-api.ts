// What the runbook's `nats stream purge` line does, for the bench: the official image has no `nats` command.
//   node bench/purge-api.ts [keep]
import {connect} from 'nats';

const keep = Number(process.argv[2] ?? 0);
const connection = await connect({servers: '127.0.0.1:4222'});
const manager = await connection.jetstreamManager({checkAPI: false});
await manager.streams.purge('TITAN_INTENTS', keep > 0 ? {keep} : undefined);
await connection.close();
