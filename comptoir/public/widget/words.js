// Every word the widget says, in French and English.

const WORDS = {
  fr: {
    launcher: "Écrire au comptoir",
    launcherUnread: (count) => (count > 1 ? `Ouvrir le chat, ${count} messages non lus` : "Ouvrir le chat, un message non lu"),
    close: "Fermer le chat",
    log: "Messages échangés",
    greeting: "Bonjour ! Écrivez-nous ici : une personne vous répond.",
    open: "Nous sommes ouverts",
    closed: "Nous sommes fermés",
    reopens: (when) => `Nous rouvrons ${when}.`,
    leave: "Laissez votre message et votre adresse : nous vous répondrons ici, ou à cette adresse.",
    leaveKnown: "Laissez votre message : nous vous répondrons dès la réouverture.",
    cutOff: "Pas de connexion. Ce que vous écrivez est gardé ici et partira dès qu’elle revient.",
    message: "Votre message",
    placeholder: "Écrivez votre message…",
    name: "Votre nom (facultatif)",
    email: "Votre adresse e-mail",
    emailMissing: "Indiquez votre adresse e-mail : nous vous répondrons ici, ou à cette adresse.",
    emailWrong: "Cette adresse e-mail n’est pas complète.",
    send: "Envoyer",
    attach: "Joindre un fichier",
    detach: (name) => `Retirer ${name}`,
    you: "Vous",
    us: "Le comptoir",
    automatic: "réponse automatique",
    sending: "Envoi…",
    sent: "Envoyé",
    delivered: "Envoyé",
    read: "Lu",
    failed: "Non envoyé",
    discard: "Retirer ce message",
    edited: "modifié",
    typing: "On vous écrit…",
    earlier: "Messages précédents",
    fresh: (count) => (count > 1 ? `${count} nouveaux messages` : "Un nouveau message"),
    left: (characters) => `Encore ${characters} caractères`,
    download: (name, size) => `Télécharger ${name}${size ? ` (${size})` : ""}`,
    image: (name) => `Image : ${name}`,
    filePending: (name) => `${name} : en cours d’enregistrement`,
    fileRefused: (name) => `${name} : ce fichier n’a pas pu être gardé`,
    fileGone: "Ce fichier n’a pas pu être téléchargé. Réessayez dans un instant.",
    tooMany: "Cinq fichiers au plus, et 10 Mo en tout.",
    wrongType: "Seuls les images et les PDF peuvent être joints.",
    reasons: {
      too_long: "Ce message est trop long : 5 000 caractères au plus.",
      email: "L’adresse e-mail n’est pas valable.",
      too_large: "Ces fichiers sont trop lourds : 10 Mo en tout.",
      file_type: "Seuls les images et les PDF peuvent être envoyés.",
      files_lost: "Les fichiers ne sont plus dans cette page : joignez-les de nouveau.",
      refused: "Ce message n’a pas été accepté. Écrivez-le autrement, ou réessayez plus tard.",
    },
    units: ["o", "ko", "Mo"],
  },
  en: {
    launcher: "Write to us",
    launcherUnread: (count) => (count > 1 ? `Open the chat, ${count} unread messages` : "Open the chat, one unread message"),
    close: "Close the chat",
    log: "Messages so far",
    greeting: "Hello! Write to us here: a person answers you.",
    open: "We are open",
    closed: "We are closed",
    reopens: (when) => `We open again ${when}.`,
    leave: "Leave your message and your address: we will answer here, or at that address.",
    leaveKnown: "Leave your message: we will answer as soon as we open again.",
    cutOff: "No connection. What you write is kept here and leaves as soon as it is back.",
    message: "Your message",
    placeholder: "Write your message…",
    name: "Your name (optional)",
    email: "Your e-mail address",
    emailMissing: "Give your e-mail address: we shall answer you here, or at that address.",
    emailWrong: "This e-mail address is not complete.",
    send: "Send",
    attach: "Attach a file",
    detach: (name) => `Remove ${name}`,
    you: "You",
    us: "The counter",
    automatic: "automatic answer",
    sending: "Sending…",
    sent: "Sent",
    delivered: "Sent",
    read: "Read",
    failed: "Not sent",
    discard: "Remove this message",
    edited: "edited",
    typing: "Someone is writing to you…",
    earlier: "Earlier messages",
    fresh: (count) => (count > 1 ? `${count} new messages` : "One new message"),
    left: (characters) => `${characters} characters left`,
    download: (name, size) => `Download ${name}${size ? ` (${size})` : ""}`,
    image: (name) => `Image: ${name}`,
    filePending: (name) => `${name}: being stored`,
    fileRefused: (name) => `${name}: this file could not be kept`,
    fileGone: "This file could not be downloaded. Try again in a moment.",
    tooMany: "Five files at most, and 10 MB together.",
    wrongType: "Only images and PDF files can be attached.",
    reasons: {
      too_long: "This message is too long: 5,000 characters at most.",
      email: "The e-mail address is not valid.",
      too_large: "These files are too large: 10 MB together.",
      file_type: "Only images and PDF files can be sent.",
      files_lost: "The files are no longer in this page: attach them again.",
      refused: "This message was not accepted. Word it differently, or try again later.",
    },
    units: ["B", "kB", "MB"],
  },
};

export function wordsFor(language) {
  const clock = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", {
    weekday: "short",
    day: "numeric",
    month: "long",
  });
  const number = new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", { maximumFractionDigits: 1 });
  const tomorrow = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(1, "day");
  const isToday = (instant) => instant.toDateString() === new Date().toDateString();
  return {
    ...WORDS[language],
    language,
    time: (instant) => (isToday(instant) ? clock.format(instant) : `${day.format(instant)}, ${clock.format(instant)}`),
    opening: (instant) => {
      const at = `${language === "fr" ? "à" : "at"} ${clock.format(instant)}`;
      if (isToday(instant)) return at;
      const isTomorrow = isToday(new Date(instant.getTime() - 86_400_000));
      return `${isTomorrow ? tomorrow : day.format(instant)} ${at}`;
    },
    size: (bytes) => {
      const step = bytes >= 1e6 ? 2 : bytes >= 1e3 ? 1 : 0;
      return `${number.format(bytes / 1000 ** step)}\u00a0${WORDS[language].units[step]}`;
    },
  };
}
