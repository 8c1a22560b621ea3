export default {
  base: "/examples/react/",
  esbuild: { jsx: "automatic" },
  // The package finds its wasm beside itself, so Vite's development server has to leave it where it is.
  optimizeDeps: { exclude: ["partner-case-form"] },
  build: { assetsInlineLimit: 0 },
  server: { proxy: { "/partner-cases": "http://127.0.0.1:8700" } },
};
