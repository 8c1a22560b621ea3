// An outcome that only Wise knows is settled by Wise's own word.
import { Chain } from "../chain.mjs";
import { FormPage, expect, test } from "../fixtures.mjs";

test("a case whose answer was lost is found by Wise's webhook, without a click", async ({ page }) => {
  const chain = await Chain.start({ webhooks: true });
  try {
    const form = new FormPage(page, chain.url);
    await form.open();
    await chain.fault({ on: "create", kind: "accept_then_drop" });
    await chain.delivery({ delayMillis: 1000, order: "reversed", copies: 3 });
    await form.fillDocumented({ externalId: "" });
    await form.submit();
    await expect(form.alert).toContainText("We cannot tell whether the case was created");
    await expect(form.createdTitle).toBeFocused();
    const { counts, cases } = await chain.ledger();
    expect([counts.create, cases.length]).toEqual([1, 1]);
    await expect(page.locator("[part=receipt]")).toContainText(String(cases[0].caseId));
    await expect(page.locator("[part=receipt]")).not.toContainText("pcf-");
  } finally {
    await chain.stop();
  }
});

test("a proxy that is killed while the case is on its way does not send it again when it is back", async ({ page, chain, form }) => {
  await chain.fault({ on: "create", kind: "slow", millis: 1500 });
  await form.fillDocumented();
  await form.submit();
  await expect.poll(async () => (await chain.ledger()).counts.create).toBe(1);
  await chain.kill("proxy");
  await expect(form.alert).toContainText("We cannot tell whether the case was created");
  await chain.startProxy();
  await form.button("unknown.check").click();
  await expect(page.locator(".inquiry")).toHaveText("It is not known yet. You can check again at any time.");
  await form.button("unknown.edit").click();
  await form.submit();
  await expect(form.alert).toContainText("We cannot tell whether the case was created");
  expect((await chain.ledger()).counts.create).toBe(1);
});
