"""Made-up names of people from many places, some with accents, several words or apostrophes."""

from __future__ import annotations

import random

# fmt: off
_GIVEN = (
    "Aaliyah", "Adaeze", "Aiko", "Amélie", "Anja", "Arjun", "Aylin", "Beatriz", "Björn", "Camila", "Chidi", "Chloé",
    "Diego", "Dilnoza", "Eero", "Elif", "Emeka", "Fatima", "Florence", "Gintarė", "Giulia", "Hamza", "Hanna",
    "Henrique", "Hye-jin", "Ingrid", "Ivan", "Jamila", "Jasper", "João", "Kalinda", "Katarzyna", "Kenji", "Kwame",
    "Lars", "Leilani", "Linh", "Lucía", "Mads", "Mairéad", "Malik", "Margaux", "Mei", "Mikołaj", "Mohammed", "Nadia",
    "Nia", "Noor", "Olga", "Omar", "Oskar", "Owen", "Priya", "Rafael", "Ravi", "Rosa", "Ruth", "Samira", "Sanjay",
    "Siobhán", "Sofía", "Søren", "Tariq", "Tereza", "Thiago", "Tomás", "Uchenna", "Vikram", "Wanjiru", "Xiulan",
    "Yara", "Yusuf", "Zeynep", "Zoë",
)
_FAMILY = (
    "Abubakar", "Achterberg", "Adeyemi", "Almeida", "Andersen", "Bauer", "Bianchi", "Brännström", "Castillo",
    "Chaudhary", "Chen", "Da Silva", "De Vries", "Demir", "Dubois", "Eriksson", "Fernández", "Fitzgerald", "Georgiou",
    "González", "Grünwald", "Haddad", "Hakimi", "Halvorsen", "Hernández", "Horváth", "Ibrahim", "Ivanova", "Jansen",
    "Kowalska", "Kim", "Kipchoge", "Kovačević", "Krishnan", "Lambert", "Lindqvist", "Mbeki", "McAllister", "Mehta",
    "Meyer", "Moreau", "Mwangi", "Nakamura", "Nguyễn", "Novák", "Nowak", "O'Brien", "Okafor", "Okonkwo", "Oliveira",
    "Özdemir", "Papadakis", "Patel", "Petrov", "Popescu", "Rahman", "Ramírez", "Rossi", "Saarinen", "Santos", "Sato",
    "Schäfer", "Schneider", "Sharma", "Suzuki", "Tanaka", "Thompson", "Tran", "Van den Berg", "Vasquez", "Weiß",
    "Yılmaz", "Zając",
)
# fmt: on


def draw(seed: str, count: int) -> list[str]:
    """Return ``count`` different names, at most about 5,000. A seed always gives the same names."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    pairs = chance.sample(range(len(_GIVEN) * len(_FAMILY)), count)
    return [f"{_GIVEN[pair // len(_FAMILY)]} {_FAMILY[pair % len(_FAMILY)]}" for pair in pairs]
