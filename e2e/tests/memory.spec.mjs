// Forms come and go with the pages of a portal; nothing may be left of them.
import { expect, test } from "../fixtures.mjs";
import { openPage } from "../pages.mjs";

const ROUNDS = 500;

test(`${ROUNDS} mounts and unmounts leave nothing behind`, async ({ page, chain }, testInfo) => {
  testInfo.setTimeout(180_000);
  await openPage(page, chain.url, {
    body: "<main></main>",
    script: `
      import { mount } from "/partner-cases/widget/partner-case-form.js";
      const target = document.querySelector("main");
      window.rounds = async (count) => {
        for (let round = 0; round < count; round += 1) {
          const { element, unmount } = mount(target, { userId: "1234", subject: "Late", description: "x".repeat(1000), draft: "none" });
          await element.ready;
          element.subject = "Later";
          unmount();
          await new Promise((resolve) => setTimeout(resolve));
        }
      };
      const glue = await import("/partner-cases/widget/partner_case_form.js");
      window.wasmBytes = async () => (await glue.default({})).memory.buffer.byteLength;
    `,
  });
  const session = await page.context().newCDPSession(page);
  const measure = async () => {
    await session.send("HeapProfiler.collectGarbage");
    await session.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return { nodes, jsEventListeners, heap: usedSize, wasm: await page.evaluate(() => window.wasmBytes()) };
  };
  await page.waitForFunction(() => window.wasmBytes);
  await page.evaluate(() => window.rounds(50));
  const before = await measure();
  await page.evaluate((rounds) => window.rounds(rounds), ROUNDS);
  const after = await measure();
  testInfo.annotations.push({ type: "memory", description: JSON.stringify({ before, after }) });
  console.log(`memory before and after ${ROUNDS} rounds: ${JSON.stringify({ before, after })}`);
  expect(after.nodes - before.nodes).toBeLessThan(100);
  expect(after.jsEventListeners - before.jsEventListeners).toBeLessThan(10);
  // Less than one wasm page a hundred rounds would be noise; so would be some kilobytes of compiled code.
  expect(after.wasm - before.wasm).toBeLessThanOrEqual(65_536);
  expect(after.heap - before.heap).toBeLessThan(500_000);
});
