// The second wasm. It shares table and memory with the first and needs nothing else, so its only link is where it is.
let restUrl = new URL("./partner_case_form_rest.wasm", import.meta.url);
let restLoading;

/** Names another place for the second wasm. */
export function locateRest(url) {
    restUrl = url;
}

async function fetchRest() {
    const response = await fetch(restUrl);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const shared = { __wasm_split: wasm };
    if (response.headers.get("content-type") === "application/wasm") return WebAssembly.instantiateStreaming(response, shared);
    return WebAssembly.instantiate(await response.arrayBuffer(), shared);
}

// Whatever a person has pressed in the meantime goes first: starting the rest takes a while.
function idle() {
    return new Promise((resolve) => {
        if (globalThis.requestIdleCallback) requestIdleCallback(resolve, { timeout: 300 });
        else setTimeout(resolve);
    });
}

// Called by the first wasm, which wants to be told under a number whether it worked. A failure is forgotten: the next call tries again.
const splitLink = {
    async __wasm_split_load_rest(callback, data) {
        restLoading ??= fetchRest();
        const loaded = await restLoading.then(idle).then(() => true, (error) => {
            restLoading = undefined;
            console.error(error);
            return false;
        });
        wasm.__indirect_function_table.get(callback)(data, loaded);
    },
};
