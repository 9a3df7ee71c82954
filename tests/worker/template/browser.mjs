// The template's page in a real browser: each form is sent, and what it shows is read.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/// What each form must show. Functions run in the page.
const SHOWN = {
  chat: (output) => output.textContent.includes("You asked: Why is the sky blue?"),
  image: (output) => output.querySelector("img")?.naturalWidth > 0,
  recipe: (output) => Number.isInteger(JSON.parse(output.textContent || "{}").minutes),
  index: (output) => output.textContent.includes("2 documents in 2 pieces"),
  ask: (output) => output.textContent.includes("[1] lighthouse: The lighthouse was built in 1871."),
};

/// Returns the browser that is installed.
function installed() {
  const folders = process.env.PATH.split(delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
  if (!found) throw new Error(`no browser: install one of ${NAMES.join(", ")}`);
  return found;
}

export async function browser(puppeteer, url, check) {
  const program = await puppeteer.launch({ executablePath: installed(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await program.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(url.href);
    for (const [form, shown] of Object.entries(SHOWN)) {
      await check(`in a browser: ${form}`, async () => {
        // What was indexed a moment ago is found some seconds later.
        for (let tries = 0; tries < 20; tries += 1) {
          await page.click(`#${form} button`);
          await page.waitForSelector(`#${form} button:not([disabled])`);
          if (await page.$eval(`#${form} output`, shown)) return undefined;
          await new Promise((later) => setTimeout(later, 500));
        }
        return page.$eval(`#${form} output`, (output) => `it shows: ${output.innerHTML.slice(0, 300)}`);
      });
    }
    await check("in a browser: a refusal is shown", async () => {
      await page.$eval("#image-input", (input) => (input.value = "fault{code=3030}"));
      await page.click("#image button");
      await page.waitForSelector("#image button:not([disabled])");
      const text = await page.$eval("#image output", (output) => output.textContent);
      return text.includes("Failed:") && text.includes("3030") ? undefined : text;
    });
    await check("in a browser: no errors", () => problems[0]);
  } finally {
    await program.close();
  }
}
