// Bundles scheduler/assets into scheduler/static/dist: every file gets its content's hash in its
// name, manifest.json maps plain names to hashed ones, and the licence of every package that went
// into the bundle lies in licenses/. Run by `npm run build`; `--watch` repeats it on each change.

import { createHash } from "node:crypto";
import { existsSync, watch } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const assets = path.join(root, "scheduler", "assets");
const packages = path.join(root, "node_modules");
const output = path.join(root, "scheduler", "static", "dist");

// Optional entries are bundled as soon as they exist.
const entries = ["app.js", "app.scss", "board.js", "board.scss"];

// Old enough for the Chromium that domestic browsers and WeChat on older phones still carry.
const target = ["chrome92", "firefox102", "safari15.4"];

const iconPackage = path.join(packages, "bootstrap-icons");

/** Compiles Sass inside esbuild, and remembers which packages' files were read. */
function sassPlugin(readFiles) {
  return {
    name: "sass",
    setup(build) {
      build.onLoad({ filter: /\.scss$/ }, (args) => {
        const compiled = sass.compile(args.path, {
          loadPaths: [packages],
          quietDeps: true,
          // Bootstrap 5.3 is written with @import, so are its customisations.
          silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
        });
        for (const url of compiled.loadedUrls) readFiles.add(fileURLToPath(url));
        return { contents: compiled.css, loader: "css", resolveDir: path.dirname(args.path) };
      });
    },
  };
}

/** Bundles every entry into `folder`; returns plain name → hashed name. */
async function bundle(folder, readFiles) {
  const present = entries.filter((name) => existsSync(path.join(assets, name)));
  const result = await esbuild.build({
    entryPoints: present.map((name) => path.join(assets, name)),
    entryNames: "[name]-[hash]",
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target,
    legalComments: "none",
    metafile: true,
    plugins: [sassPlugin(readFiles)],
    absWorkingDir: root,
    logLevel: "warning",
  });
  const manifest = {};
  for (const [file, made] of Object.entries(result.metafile.outputs)) {
    for (const input of Object.keys(made.inputs)) readFiles.add(path.join(root, input));
    if (!made.entryPoint) continue;
    const plain = path.basename(made.entryPoint).replace(/\.scss$/, ".css");
    manifest[plain] = path.basename(file);
  }
  return manifest;
}

/** Writes `content` under a hashed name; returns that name. */
async function writeHashed(folder, name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  const hashed = `${stem}-${hash}${ext}`;
  await writeFile(path.join(folder, hashed), content);
  return hashed;
}

/** One SVG file with a <symbol> for each name in icons.txt. */
async function iconSprite() {
  const list = await readFile(path.join(assets, "icons.txt"), "utf8");
  const names = [...new Set(list.split(/\s+/).filter(Boolean))].sort();
  const symbols = await Promise.all(names.map(iconSymbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function iconSymbol(name) {
  const file = path.join(iconPackage, "icons", `${name}.svg`);
  if (!existsSync(file)) throw new Error(`icons.txt: bootstrap-icons has no icon "${name}"`);
  const svg = await readFile(file, "utf8");
  const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim();
  return `<symbol id="${name}" viewBox="0 0 16 16">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}

/** Files under assets/images keep their kind and get a hash. */
async function copyImages(folder) {
  const images = path.join(assets, "images");
  const manifest = {};
  for (const name of (await readdir(images)).sort()) {
    manifest[name] = await writeHashed(folder, name, await readFile(path.join(images, name)));
  }
  return manifest;
}

/** The names of the packages whose files were read, scope included. */
function packagesOf(readFiles) {
  const names = new Set(["bootstrap-icons"]);
  for (const file of readFiles) {
    const parts = path.relative(packages, file).split(path.sep);
    if (parts[0] === "..") continue;
    names.add(parts[0].startsWith("@") ? `${parts[0]}/${parts[1]}` : parts[0]);
  }
  return [...names].sort();
}

async function copyLicences(folder, readFiles) {
  const licences = path.join(folder, "licenses");
  await mkdir(licences);
  for (const name of packagesOf(readFiles)) {
    const home = path.join(packages, name);
    const licence = (await readdir(home)).find((file) => /^licen[cs]e/i.test(file));
    if (!licence) throw new Error(`${name} has no licence file; it cannot be bundled`);
    const { version, license } = JSON.parse(await readFile(path.join(home, "package.json")));
    const text = await readFile(path.join(home, licence), "utf8");
    const target = path.join(licences, `${name.replace("/", "-").replace("@", "")}.txt`);
    await writeFile(target, `${name} ${version} (${license})\n\n${text}`);
  }
}

/** Builds beside the old bundle and swaps folders, so that a running server never sees half. */
async function build() {
  const started = performance.now();
  const fresh = `${output}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const readFiles = new Set();
  const manifest = {
    ...(await bundle(fresh, readFiles)),
    ...(await copyImages(fresh)),
    "icons.svg": await writeHashed(fresh, "icons.svg", await iconSprite()),
  };
  await copyLicences(fresh, readFiles);
  const sorted = Object.fromEntries(Object.entries(manifest).sort());
  await writeFile(path.join(fresh, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  await rm(output, { recursive: true, force: true });
  await rename(fresh, output);
  const milliseconds = Math.round(performance.now() - started);
  console.log(`front end: ${Object.keys(sorted).length} files in ${milliseconds} ms`);
}

await build();

if (process.argv.includes("--watch")) {
  let timer;
  watch(assets, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((problem) => console.error(problem.message)), 100);
  });
}
