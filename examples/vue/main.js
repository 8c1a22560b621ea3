import { createApp } from "vue";
import "partner-case-form";
import Transfer from "./Transfer.vue";

createApp(Transfer).mount("#app");
