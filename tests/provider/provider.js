// A provider of OpenID Connect for the tests, on a free port of this machine. It says its address on the first line,
// and ends when its input closes, so that none outlives its test.
//
// Who signs in is what the address asks for in login_hint: "1" is person 1, "mfa:1" showed a second factor, "nee" gives
// up. Every person has the same mail address, and says that it was checked.
// With the files of a certificate and its key it speaks TLS, as localhost.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import Provider from 'oidc-provider';

const [back, secret, cert, key] = process.argv.slice(2);
const server = cert ? https.createServer({ cert: readFileSync(cert), key: readFileSync(key) }) : http.createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `${cert ? 'https://localhost' : 'http://127.0.0.1'}:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: 'leerkring', client_secret: secret, redirect_uris: [back] }],
  claims: { openid: ['sub', 'email', 'email_verified', 'amr'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['proef'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/wie/${interaction.uid}` },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: 'voorbeeld@voorbeeld.example', email_verified: true }),
  }),
});

const answer = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/wie/')) return answer(request, response);
  try {
    const { params } = await provider.interactionDetails(request, response);
    const [person, factor] = params.login_hint.split(':').reverse();
    if (person === 'nee') {
      return await provider.interactionFinished(request, response, { error: 'access_denied' });
    }
    const grant = new provider.Grant({ accountId: person, clientId: params.client_id });
    grant.addOIDCScope('openid');
    const amr = factor === undefined ? ['pwd'] : ['pwd', factor];
    const result = { login: { accountId: person, amr }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});

process.stdin.resume().on('end', () => process.exit(0));
console.log(issuer);
