"""What programs, telephones and virus scanners write below a mail in its author's name."""

from __future__ import annotations

import re

_DEVICE = (
    r"(?:iphone|ipad|ipod|apple watch|mac\b|android|galaxy|samsung|huawei|xiaomi|redmi|nokia|htc|lg\b|sony"
    r"|xperia|motorola|pixel|oneplus|blackberry|windows|outlook|mobile|mobil\w*|phone|téléphone|telefon\w*"
    r"|smartphone|handy|móvil|celular|cell\b|tablet\w*|tablette|portable|ordinateur|mailbox|airmail|yahoo|gmail"
    r"|mail\b|e-mail|aol|proton\w*|orange|sfr|free|bouygues|k-9|spark|hey|gmx|web\.de|t-online|ti-\d+|device"
    r"|pocket|tele2|wireless|alcatel|fairphone|oppo|vivo|tutanota|bluemail)"
)
#: "Sent from my iPhone", in the languages of the phones.
DEVICE_SIGNATURE = re.compile(
    r"^[\s>(<\[*_–—-]*(?:"
    rf"(?:sent|from)\s+(?:from|via|with|by|using|my)\b.{{0,20}}(?:{_DEVICE}|my\s+\S+).{{0,100}}"
    rf"|sent\s+(?:from|via|with|by|using)\s+\S+(?:\s+\S+){{0,5}}\s*[>)]*"
    r"|(?:[^\W\d]{1,12}\s){0,3}\[?outlook\s(?:for|pour|für|para|per|voor|til|till|для|na)\s(?:ios|android|mac).{0,80}"
    r"|(?:holen sie sich|hol dir|laden sie|obtener|obtén|descarga|scarica|ottieni|download)\s+\[?outlook\s.{0,80}"
    r"|(?:get|télécharger|obtenir)\s(?:bluemail|spark|aqua mail|proton mail)\s(?:for|pour)\s.{0,40}"
    rf"|(?:envoyé|expédié)(?:e)?\s+(?:de|depuis|à partir|avec|via|par|d[’'])\b.{{0,100}}"
    rf"|(?:von|vom)\s+mein.{{1,40}}gesendet\b.{{0,40}}|(?:gesendet|verschickt)\s+(?:von|mit|vom"
    rf"|über)\s.{{0,100}}|diese nachricht wurde von mein.{{1,100}}gesendet\.?"
    rf"|(?:enviado|enviada)\s+(?:desde|do|de|con|com|a partir|via|vía|pelo|pela)\s.{{0,100}}|(?:inviato|inviata"
    rf"|spedito)\s+(?:da|dal|con|dall[’'])\s?.{{0,100}}"
    rf"|(?:verzonden|verstuurd)\s+(?:vanaf|met|via|van|vanuit)\s.{{0,100}}|(?:sendt|skickat|skickad"
    rf"|skickades)\s+(?:fra|från|med|via)\s.{{0,100}}"
    rf"|lähetetty\s.{{0,100}}|(?:wysłan[oe]|wysłane)\s+z\s.{{0,100}}|odesláno\s+z\s.{{0,100}}|(?:отправлено"
    rf"|відправлено|надіслано)\s+(?:с|из|з)\s.{{0,100}}"
    r"|(?:please\s|veuillez\s)?(?:excuse[rz]?|forgive|pardon)\b.{0,60}?\b(?:sent from|envoyé d)\b.{0,40}"
    r"|provenance\s*:\s*courrier pour windows.{0,20}"
    r"|從我的\s?.{1,20}\s?傳送|从我的\s?.{1,20}\s?发送|发自我的\s?.{1,20}"
    r"|iPhoneから送信|.{1,20}から送信|나의 .{1,20}에서 보냄"
    r"|.{1,20}dan gönderildi"
    r")[\s>)\]*.]*$",
    re.IGNORECASE,
)
#: "Someone from mobile".
MOBILE_WORDS = re.compile(r"^\s*\S+(?:\s\S+)?\s+from\s+(?:my\s+)?(?:mobile|phone)\W*$", re.IGNORECASE)
#: The same, right behind the last word: telephones lose the line break where they make plain text of HTML.
GLUED_DEVICE = re.compile(
    r"(?<=[\w.!?…)])(?:Envoyé (?:depuis|de|à partir de) mon|Sent from my|Enviado desde mi|Inviato dal mio"
    r"|Verzonden vanaf mijn|Enviado do meu) (?:appareil |smartphone |téléphone |mobile |dispositivo )?"
    r"(?:Samsung )?(?:Galaxy|iPhone|iPad|Huawei|Xiaomi)[\w .-]{0,30}$"
)
_SCANNER = r"(?:avast|avg|avira|norton|eset|kaspersky|mcafee|bitdefender)"
_CHECKED = (
    r"(?:checked|scanned|vérifiée?|analysée?|contrôlée?|geprüft|überprüft|gescannt|analizado|comprobado|controllat[ao]"
    r"|gecontroleerd|analisado|verificado)"
)
#: Lines that virus scanners and webmails advertise themselves with.
ADVERTISEMENT = re.compile(
    r"^[\s<(\[*_|]*+(?:"
    r"(?:\S{1,12}\s){0,3}?"
    r"(?:sans virus|virus-free|virenfrei|libre de virus|priv[oa] di virus|virusvrij|livre de v[ií]rus)"
    rf"\.?\s?.{{0,10}}{_SCANNER}\b.{{0,200}}"
    rf"|(?=.{{0,200}}\b{_SCANNER}\b)(?=.{{0,200}}\b(?:anti)?v[ií]r(?:us|en|ussen|uses)\w{{0,12}}\b)"
    rf"(?=.{{0,200}}\b{_CHECKED}\b)[^!?]{{20,220}}"
    rf"|(?:https?://)?www\.{_SCANNER}\.com\b\S{{0,300}}"
    r"|\#DAB4FAD8-[0-9A-F-]{20,40}"
    r"|yahoo mail\s?[:：]\s[^.?]{1,60}"
    r")[\s>)\]*_.|]*+$",
    re.IGNORECASE,
)
