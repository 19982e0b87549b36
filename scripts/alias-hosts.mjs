// Loaded with --import: redirects connections to the hosts in ALIAS_HOSTS, like a container's network aliases.
// ALIAS_HOSTS is JSON: {"<host>:<port>": <port of this machine>}.
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import process from 'node:process';
import tls from 'node:tls';

const ports = JSON.parse(process.env.ALIAS_HOSTS ?? '{}');

for (const [module, usual] of [[net, 80], [tls, 443]]) {
  const { connect } = module;
  module.connect = (options, ...rest) => {
    const port = ports[`${options?.host}:${options?.port || usual}`];
    if (port === undefined) return connect(options, ...rest);
    // Certificates are still verified against the host name.
    return connect({ servername: options.host, ...options, host: '127.0.0.1', port }, ...rest);
  };
}
syncBuiltinESMExports();
