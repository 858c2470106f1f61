// Continues without a click where a person has nothing to decide: with the response to the client, and with the way back
// after sign-out, once the frames have notified the applications.
document.getElementById("answer")?.submit();
const back = document.getElementById("back");
if (back) addEventListener("load", () => location.replace(back.href));
