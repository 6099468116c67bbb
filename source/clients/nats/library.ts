// The library's names as real exports. It is CommonJS: once bundled, a dynamic import of it has only a default.
export {credsAuthenticator, jwtAuthenticator, nkeyAuthenticator} from 'nats';
