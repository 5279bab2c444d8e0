// The sentences that modules say, in the page's language.
const template = document.getElementById("words");

export function words(name, count) {
  const text = template?.dataset[name] ?? "";
  return count === undefined ? text : text.replace("{count}", count);
}

export function counted(name, count) {
  return count === 1 ? words(`${name}One`) : words(`${name}Many`, count);
}
