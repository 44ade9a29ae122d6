"""How espeak-ng has to be told Indonesian words that it guesses wrong, in its own phonemes.

Indonesian writes two vowels as "e". espeak-ng takes the open one wherever the stress falls ("pÉrlu", "lÉngkap") and
the dull one in last syllables ("lokət"); people who listen hard, and do not read, should not have to guess.
"""

import re

_WORDS = {
    # the dull vowel (pepet)
    "belas": "b@l'as", "beli": "b@l'i", "belum": "b@l'um", "berkas": "b@Rk'as", "bersih": "b@Rs'ih",
    "cerai": "tS@R2'aI", "dengan": "d@N'an", "dengar": "d@N'aR", "depan": "d@p'an", "detik": "d@t'ik",
    "empat": "@mp'at", "enam": "@n'am", "jelas": "dZ@l'as", "jenis": "dZ@n'is", "kecil": "k@tS'il",
    "kerja": "k@RdZ'a", "kertas": "k@Rt'as", "ketemu": "k@t@m'u", "ketik": "k@t'ik", "lembar": "l@mb'aR",
    "lengkap": "l@Nk'ap", "letak": "l@t'ak", "menit": "m@n'it", "mesin": "m@s'in", "negeri": "n@g@R2'i",
    "penuh": "p@n'uh", "perlu": "p@Rl'u", "pernah": "p@Rn'ah", "persetujuan": "p@Rs@tudZ'uan", "peta": "p@t'a",
    "rendah": "R2@nd'ah", "resmi": "R2@sm'i", "sedang": "s@d'aN", "selesai": "s@l@s'aI", "sentuh": "s@nt'uh",
    "setelah": "s@t@l'ah", "tempat": "t@mp'at", "tetap": "t@t'ap",
    # the open one (taling)
    "boleh": "b'olEh", "dokter": "d'oktER", "hotel": "h'otEl", "kabupaten": "k,abup'atEn", "kode": "k'odE",
    "loket": "l'okEt", "mode": "m'odE", "objek": "'obdZEk", "oleh": "'olEh", "paket": "p'akEt",
    "pensiun": "pEns'iun", "persen": "p@Rs'En", "ponsel": "p'onsEl", "rekening": "R2Ek'EniN",
    "sertifikat": "sERtif'ikat", "server": "s'ERvER", "tiket": "t'ikEt", "token": "t'okEn",
}  # fmt: skip
_FOUND = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)


def told(text: str, language: str) -> str:
    """The text as espeak-ng gets it: Indonesian words that it would guess wrong stand there as [[phonemes]]."""
    if language != "id":
        return text
    return _FOUND.sub(lambda found: f"[[{_WORDS[found[0].lower()]}]]", text)


def corrected() -> dict[str, str]:
    """Every word that is corrected, with the phonemes it is to have."""
    return dict(_WORDS)
