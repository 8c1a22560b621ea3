// The second wasm. It shares table and memory with the first and needs nothing else, so its only link is where it is.
let lazyUrl = new URL("./partner_case_form_lazy.wasm", import.meta.url);
let lazyLoading;

/** Names another place for the second wasm. */
export function locateLazy(url) {
    lazyUrl = url;
}

/** Ends this copy after a crash: whatever still calls into it, such as a timer or a listener, calls nothing. */
export function terminate() {
    const nothing = new Proxy(() => nothing, { get: () => nothing });
    wasm = nothing;
}

async function fetchLazy() {
    const response = await fetch(lazyUrl);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const shared = { __wasm_split: wasm };
    if (response.headers.get("content-type") === "application/wasm") return WebAssembly.instantiateStreaming(response, shared);
    return WebAssembly.instantiate(await response.arrayBuffer(), shared);
}

// Whatever a person has pressed in the meantime goes first: starting the lazy part takes a while.
function idle() {
    return new Promise((resolve) => {
        if (globalThis.requestIdleCallback) requestIdleCallback(resolve, { timeout: 300 });
        else setTimeout(resolve);
    });
}

// Called by the first wasm, which wants to be told under a number whether it worked. A failure is forgotten: the next call tries again.
const splitLink = {
    async __wasm_split_load_lazy(callback, data) {
        lazyLoading ??= fetchLazy();
        const loaded = await lazyLoading.then(idle).then(() => true, (error) => {
            lazyLoading = undefined;
            console.error(error);
            return false;
        });
        wasm.__indirect_function_table.get(callback)(data, loaded);
    },
};
