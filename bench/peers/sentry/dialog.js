// The dialog alone, for a portal that has Sentry's SDK already: what is in the SDK's core is left out by the build.
import { buildFeedbackIntegration, feedbackModalIntegration, feedbackScreenshotIntegration } from "@sentry/feedback";

globalThis.feedback = buildFeedbackIntegration({
  getModalIntegration: () => feedbackModalIntegration,
  getScreenshotIntegration: () => feedbackScreenshotIntegration,
});
