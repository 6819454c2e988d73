"""What the demonstration network knows, and where it stands in print.

Locality, "Powerful Communities, Strong Economies" (November 2017): the six case studies' key data,
appendix 1 (LM3 scores) and appendix 2, table 1 (enabled employment and GVA). Council types, regions
and GSS codes are today's official ones; Dorset County Council, which took part, became part of
Dorset Council in 2019. The report does not say which year the figures of its appendices belong to,
so they stand under the year of its publication.
"""

SOURCE = "Locality, Powerful Communities, Strong Economies (2017)"
PERIOD = "2017"

# name, GSS, type, region, deprivation rank, population, life expectancy of women and men,
# political control, local enterprise partnership
COUNCILS = [
    ("City of Bradford Metropolitan District Council", "E08000032", "metropolitan district",
     "yorkshire and the humber", 19, 531200, 81.5, 77.5, "Labour", "Leeds City Region"),
    ("Bristol City Council", "E06000023", "unitary", "south west",
     54, 449300, 83.0, 78.3, "Labour", "West of England"),
    ("Calderdale Metropolitan Borough Council", "E08000033", "metropolitan district",
     "yorkshire and the humber", 67, 208400, 82.2, 77.5, "No majority", "Leeds City Region"),
    ("Dorset County Council", "E10000009", "county", "south west",
     123, 422730, 85.3, 81.2, "Conservative", "Dorset, Bournemouth and Poole"),
    ("London Borough of Hackney", "E09000012", "london borough", "london",
     2, 269000, 82.8, 77.7, "Labour", "London"),
    ("Shropshire Council", "E06000051", "unitary", "west midlands",
     107, 311400, 82.8, 79.8, "Conservative", "Marches"),
]

# Table 1: name, council area, FTE, its method, GVA in pounds, its method, confidence. The report's
# colour code: one anchor high, nine moderate. "Calculation from partial primary data" stands as partly.
ANCHORS = [
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

# Takes part with its LM3 score only.
SOUTHMEAD = ("Southmead Development Trust", "E06000023")

# Appendix 1: published scores, all green (enough suppliers had answered).
LM3 = [
    ("Southmead Development Trust", "2.55", "E06000023", "turnover"),
    ("Bradford Trident", "2.52", "E08000032", "turnover"),
    ("Halifax Opportunities Trust", "2.43", "E08000033", "contract"),
    ("Windmill Hill City Farm", "2.47", "E06000023", "turnover"),
]

REGION_OF = {council[1]: council[3] for council in COUNCILS}

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
