import { serveGateway } from './entry.ts';

export const handler = serveGateway(process.env);
