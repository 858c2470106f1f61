// Goes on without a click, where a person has nothing to decide: the answer on its way back to the client, and the way
// back after sign-out, once the frames have told the applications.
document.getElementById("answer")?.submit();
const back = document.getElementById("back");
if (back) addEventListener("load", () => location.replace(back.href));
