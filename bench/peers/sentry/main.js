// The smallest set-up that can send: a client, its transport and the dialog. None of the SDK's default integrations.
import { BrowserClient, defaultStackParser, feedbackSyncIntegration, makeFetchTransport, setCurrentClient } from "@sentry/browser";

const client = new BrowserClient({
  dsn: "https://0123456789abcdef@localhost/1",
  transport: makeFetchTransport,
  stackParser: defaultStackParser,
  integrations: [feedbackSyncIntegration({ autoInject: true })],
});
setCurrentClient(client);
client.init();
