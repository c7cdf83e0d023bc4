// The page's words, in the viewer's language.

let words = {};
export let language = "en";

export async function speak(wanted) {
  const answer = await fetch(`words/${wanted}.json`);
  words = await answer.json();
  language = wanted;
  document.documentElement.lang = wanted;
  for (const place of document.querySelectorAll("[data-word]")) {
    place.textContent = say(place.dataset.word);
  }
  for (const place of document.querySelectorAll("[data-label]")) {
    place.setAttribute("aria-label", say(place.dataset.label));
  }
}

// The word, with {places} filled.
export function say(word, places = {}) {
  const text = words[word] ?? word;
  return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

export function number(value, how = {}) {
  return new Intl.NumberFormat(language, how).format(value);
}

// The first of the viewer's languages that there is; English otherwise.
export function preferred(there) {
  const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return wanted.find((one) => there.includes(one)) ?? "en";
}
