import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// For `npm run dev`: the service that the page talks to.
const service = process.env.DRAFTING_SERVICE ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../../drafting/http/page',
    emptyOutDir: true,
    // Nothing becomes a data: address, so that the content security policy can be 'self' alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: {
    proxy: { '/api': service, '/ws': { target: service, ws: true }, '/live': { target: service, ws: true } },
  },
  test: { include: ['tests/**/*.test.ts'] },
})
