// Shows what happens to the simulated EC2 as it happens. States also change with time alone.
const show = async () => {
  const html = await (await fetch("/local/ec2")).text();
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("view");
  const view = document.getElementById("view");
  // What a person has opened stays open.
  const open = [...view.querySelectorAll("details")].map((one) => one.open);
  const details = [...fresh.querySelectorAll("details")];
  if (details.length === open.length) details.forEach((one, at) => { one.open = open[at]; });
  view.replaceWith(fresh);
};
new EventSource("/local/events").addEventListener("calls", show);
setInterval(show, 3000);
