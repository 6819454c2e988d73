"""What the demonstration network knows, and where it stands in print.

Locality, "Powerful Communities, Strong Economies" (November 2017): the six case studies' key data,
appendix 1 (LM3 scores) and appendix 2, table 1 (enabled employment and GVA). The report does not say
which year the figures of its appendices belong to, so they stand under the year of its publication.
Profiles, policies and lessons are in pilots/, in tables that people can read.
"""

import csv
import os

SOURCE = "Locality, Powerful Communities, Strong Economies (2017)"
PERIOD = "2017"
PILOTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pilots")

# What a convenor confirms at admission is not in the report: GSS codes, types and regions are the
# official ones; rural-urban class and deprivation quintile of the council area are those of mySociety's
# tables (uk_ruc, composite_uk_imd; CC BY 4.0), which know no Dorset County Council: it took part, and
# became part of Dorset Council in 2019.
AREAS = {
    "E08000032": ("metropolitan district", "yorkshire and the humber", "urban", 1),
    "E06000023": ("unitary", "south west", "urban", 2),
    "E08000033": ("metropolitan district", "yorkshire and the humber", "urban", 2),
    "E10000009": ("county", "south west", "", ""),
    "E09000012": ("london borough", "london", "urban", 1),
    "E06000051": ("unitary", "west midlands", "rural", 4),
}


def table(name):
    """Rows of a table in pilots/, as dictionaries."""
    with open(os.path.join(PILOTS, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


COUNCILS = table("councils.csv")
ANCHORS = table("anchors.csv")

# Table 1: name, council area, FTE, its method, GVA in pounds, its method, confidence. The report's
# colour code: one anchor high, nine moderate. "Calculation from partial primary data" stands as partly.
ENABLED = [
    ("Royds Community Association", "E08000032", 312, "primary", 70000000, "primary", "high"),
    ("Bradford Trident", "E08000032", 260, "partly", 12913842, "partly", "moderate"),
    ("Windmill Hill City Farm", "E06000023", 26, "primary", 617010, "estimated", "moderate"),
    ("Knowle West Media Centre", "E06000023", 43, "primary", 531834, "estimated", "moderate"),
    ("Halifax Opportunities Trust", "E08000033", 304, "partly", 14162322, "estimated", "moderate"),
    ("Hackney Co-operative Developments", "E09000012", 177, "partly", 8114434, "estimated",
     "moderate"),
    ("Manor House Development Trust", "E09000012", 5, "partly", 237110, "estimated", "moderate"),
    ("Shoreditch Trust", "E09000012", 255, "partly", 12348429, "estimated", "moderate"),
    ("Wem Town Hall", "E06000051", 7, "partly", 158073, "estimated", "moderate"),
    ("Cleobury Country Centre", "E06000051", 12, "primary", 526910, "estimated", "moderate"),
]

# Appendix 1: published scores, all green (enough suppliers had answered).
LM3 = [
    ("Southmead Development Trust", "2.55", "E06000023", "turnover"),
    ("Bradford Trident", "2.52", "E08000032", "turnover"),
    ("Halifax Opportunities Trust", "2.43", "E08000033", "contract"),
    ("Windmill Hill City Farm", "2.47", "E06000023", "turnover"),
]

PRINTED_FTE_TOTAL = 1399  # the table's rows sum to 1,401
PRINTED_GVA_TOTAL = 119609964

# Made up, for a made-up organisation: no real name stands beside these.
SUPPLIERS = """supplier,contact,email,spend,place,local,sector,respent_locally
Example Bakery,A. Baker,bakery@example.org,18000,Exampletown,yes,small,60%
Example Printers,B. Press,print@example.org,9500,Exampletown,yes,small,45%
Example Facilities Ltd,C. Mop,office@example.com,32000,Elsewhere,no,large,5%
Example Care Co-op,D. Kind,hello@example.org,41000,Exampletown,yes,social enterprise,80%
Example Energy plc,,,12500,Elsewhere,no,large,
Example Consultants,,,7000,,unknown,small,
"""
