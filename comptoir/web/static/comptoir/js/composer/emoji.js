// The emoji that one writes to customers, by their English and French names. A list of our own: small on purpose.

const LIST = `
😀 grin, happy | sourire, content
😃 smile, joy | sourire, joie
😄 laugh, happy | rire, joyeux
😊 blush, smile, kind | sourire, aimable, rougir
🙂 slight smile | petit sourire
😉 wink | clin d’œil
😍 love, heart eyes | amour, yeux en cœur
🥰 affection, hearts | tendresse, cœurs
😘 kiss | bisou, baiser
😎 cool, sunglasses | lunettes de soleil
🤩 star eyes, wow | émerveillé, étoiles
🤗 hug | câlin, accolade
😂 tears of joy, laugh | rire aux larmes
🤣 rolling, laugh | mort de rire
😅 relief, sweat | soulagé, sueur
😇 angel | ange
🙃 upside down | à l’envers
😌 relieved, calm | soulagé, calme
😋 yummy, tasty | miam, délicieux
🤔 thinking | réfléchir, pensif
🤨 eyebrow, doubt | sourcil, doute
😐 neutral | neutre
😶 speechless | sans voix
😏 smirk | narquois
🙄 eye roll | yeux au ciel
😬 grimace, awkward | grimace, gêne
😕 confused | perplexe, confus
😟 worried | inquiet
🙁 frown, sad | triste, mécontent
😔 pensive, sad | pensif, triste
😞 disappointed | déçu
😢 cry, tear | pleurer, larme
😭 sob | sanglots
😤 huff | agacé
😠 angry | fâché, colère
😡 rage, angry | rage, colère
😱 scream, fear | cri, peur
😳 flushed | gêné, rougir
🥺 pleading, please | supplier, s’il vous plaît
😴 sleep | dormir
🤒 sick, fever | malade, fièvre
🤕 hurt, bandage | blessé
😷 mask | masque
🤯 mind blown | époustouflé
🥳 party, celebrate | fête, célébrer
🤝 handshake, deal | poignée de main, accord
👍 thumbs up, yes, ok | pouce, oui, d’accord
👎 thumbs down, no | pouce en bas, non
👌 ok, perfect | parfait
✌️ victory, peace | victoire, paix
🤞 fingers crossed, luck | doigts croisés, chance
👏 clap, bravo | applaudir, bravo
🙌 hooray, hands | hourra, mains
🙏 thanks, please, pray | merci, prière
💪 strong, muscle | force, courage
👋 wave, hello, bye | bonjour, au revoir, salut
☝️ point up, one | index, attention
👉 point right | à droite
👈 point left | à gauche
👇 point down, below | dessous, en bas
👀 eyes, look | yeux, regarder
🤷 shrug | haussement d’épaules
🙋 raise hand, question | lever la main, question
🧑‍💻 computer, support | ordinateur, assistance
❤️ heart, love | cœur, amour
🧡 orange heart | cœur orange
💛 yellow heart | cœur jaune
💚 green heart | cœur vert
💙 blue heart | cœur bleu
💜 purple heart | cœur violet
🖤 black heart | cœur noir
🤍 white heart | cœur blanc
💔 broken heart | cœur brisé
💯 hundred, perfect | cent, parfait
✨ sparkles, new | étincelles, nouveau
⭐ star | étoile
🌟 glowing star | étoile brillante
🔥 fire, hot | feu, flamme
🎉 party, congratulations | fête, félicitations
🎊 confetti | confettis
🎁 gift, present | cadeau
🎂 birthday, cake | anniversaire, gâteau
🏆 trophy, win | trophée, victoire
🥇 medal, first | médaille, premier
✅ done, check | fait, coche
☑️ box, check | case cochée
✔️ tick | coché, valide
❌ cross, no | croix, non
⚠️ warning | attention, avertissement
❗ exclamation, important | exclamation, important
❓ question | question
💡 idea, light | idée, ampoule
🔔 bell, reminder | cloche, rappel
🔍 search, look | recherche, loupe
🔒 lock, secure | cadenas, sécurisé
🔑 key, password | clé, mot de passe
🔧 tool, repair | outil, réparer
⚙️ gear, settings | engrenage, réglages
🔄 refresh, exchange | actualiser, échange
↩️ return | retour
➡️ arrow right, next | flèche, suite
⏳ wait, hourglass | attente, sablier
⏰ alarm, time | réveil, heure
🕐 clock, hour | horloge, heure
📅 calendar, date | calendrier, date
📆 appointment, day | rendez-vous, jour
📍 place, address | lieu, adresse
🗺️ map | carte, plan
📦 parcel, package | colis, paquet
🚚 delivery, truck | livraison, camion
🚀 rocket, fast | fusée, rapide
✈️ plane, travel | avion, voyage
🚆 train | train
🚗 car | voiture
🚲 bike | vélo
🏠 home, house | maison, domicile
🏪 shop, store | magasin, boutique
🏢 office, company | bureau, entreprise
🛒 cart, shopping | panier, achats
🛍️ bags, shopping | sacs, achats
💳 card, payment | carte, paiement
💶 euro, refund, money | euro, remboursement, argent
🧾 receipt, invoice | reçu, facture, ticket
🏷️ label, price | étiquette, prix
📉 decrease | baisse
📈 increase | hausse
📞 telephone, call | téléphone, appel
📱 mobile, phone | portable, mobile
💬 message, chat | message, discussion
📧 e-mail | courriel, e-mail
✉️ letter, envelope | lettre, enveloppe
📩 inbox, private message | message privé, boîte de réception
📝 note, form | note, formulaire
📎 paperclip, attachment | trombone, pièce jointe
📷 camera, photo | photo, appareil
🎥 video, film | vidéo, film
💻 laptop, computer | ordinateur
🔋 battery | batterie, pile
🔌 plug, power | prise, courant
📶 signal, network | réseau, signal
🌐 web, internet | web, internet
👕 shirt, clothes | t-shirt, vêtement
👗 dress | robe
👟 shoe, size | chaussure, pointure
👜 handbag | sac à main
🧥 coat | manteau
☕ coffee | café
🍕 pizza | pizza
🥐 croissant, breakfast | croissant, petit déjeuner
🍽️ restaurant, meal | restaurant, repas
🌱 plant, ecology | plante, écologie
♻️ recycle | recycler, recyclage
🌞 sun | soleil
🌧️ rain | pluie
❄️ snow, cold | neige, froid
🌈 rainbow | arc-en-ciel
💐 bouquet, flowers | bouquet, fleurs
🌹 rose | rose
🐶 dog | chien
🐱 cat | chat
🇫🇷 France, French flag | France, drapeau français
🇪🇺 Europe, European flag | Europe, drapeau européen
`;

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();

export const EMOJI = LIST.trim()
  .split("\n")
  .map((line) => {
    const [, sign, english, french] = /^(\S+) (.*?) \| (.*)$/u.exec(line);
    return { sign, english, french, searched: plain(`${english}, ${french}`) };
  });

// In the language of the page: what a screen reader says, and what is shown beside the sign.
export const nameOf = ({ english, french }) => (document.documentElement.lang.startsWith("fr") ? french : english).split(",")[0];

// Names that begin with what was typed go before those that hold it.
export function emojiFor(begun, most = EMOJI.length) {
  const wanted = plain(begun.trim());
  const rank = ({ searched }) => {
    const at = searched.split(", ").findIndex((name) => name.startsWith(wanted));
    return at < 0 ? 99 : at;
  };
  return EMOJI.filter((one) => one.searched.includes(wanted))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, most)
    .map((one) => ({ sign: one.sign, name: nameOf(one) }));
}
