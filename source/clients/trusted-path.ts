// The configuration is judged by the same rule, and lies on a lower floor.
export {whyUntrusted} from '../config/trust-way.ts';
