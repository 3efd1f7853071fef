"""Larger towns of the United States: where a shopper may start from though the affiliate has no place near.

Common geographical knowledge, to a tenth of a degree: state, latitude, longitude, and the first three digits of the
town's postal codes where those are the town's and its suburbs' alone; a dash where they reach into the country.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_TOWNS = """
AL Birmingham 33.5 -86.8 352|AL Montgomery 32.4 -86.3 361|AL Mobile 30.7 -88.0 366|AL Huntsville 34.7 -86.6 358
AK Anchorage 61.2 -149.9 -|AK Fairbanks 64.8 -147.7 -|AK Juneau 58.3 -134.4 -
AZ Phoenix 33.4 -112.1 850|AZ Tucson 32.2 -111.0 857|AZ Mesa 33.4 -111.8 -|AZ Flagstaff 35.2 -111.7 -
AR Little Rock 34.7 -92.3 722|AR Fort Smith 35.4 -94.4 -|AR Fayetteville 36.1 -94.2 -
CA Los Angeles 34.1 -118.2 900|CA San Diego 32.7 -117.2 921|CA San Francisco 37.8 -122.4 941|CA San Jose 37.3 -121.9 951
CA Sacramento 38.6 -121.5 958|CA Fresno 36.7 -119.8 937|CA Long Beach 33.8 -118.2 908|CA Oakland 37.8 -122.3 946
CA Bakersfield 35.4 -119.0 933|CA Riverside 34.0 -117.4 -|CA Anaheim 33.8 -117.9 -|CA Stockton 38.0 -121.3 -
CO Denver 39.7 -105.0 802|CO Colorado Springs 38.8 -104.8 809|CO Fort Collins 40.6 -105.1 -|CO Pueblo 38.3 -104.6 -
CT Hartford 41.8 -72.7 061|CT New Haven 41.3 -72.9 065|CT Bridgeport 41.2 -73.2 066|CT Stamford 41.1 -73.5 069
DE Wilmington 39.7 -75.5 198|DE Dover 39.2 -75.5 -|DC Washington 38.9 -77.0 200
FL Miami 25.8 -80.2 331|FL Orlando 28.5 -81.4 328|FL Tampa 28.0 -82.5 336|FL Jacksonville 30.3 -81.7 322
FL Fort Lauderdale 26.1 -80.1 333|FL Tallahassee 30.4 -84.3 -|FL Saint Petersburg 27.8 -82.6 -
GA Atlanta 33.7 -84.4 303|GA Savannah 32.1 -81.1 314|GA Augusta 33.5 -82.0 309|GA Columbus 32.5 -85.0 319
HI Honolulu 21.3 -157.9 968|HI Hilo 19.7 -155.1 -
ID Boise 43.6 -116.2 837|ID Idaho Falls 43.5 -112.0 -|ID Pocatello 42.9 -112.4 -
IL Chicago 41.9 -87.6 606|IL Rockford 42.3 -89.1 611|IL Peoria 40.7 -89.6 616|IL Springfield 39.8 -89.6 627
IN Indianapolis 39.8 -86.2 462|IN Fort Wayne 41.1 -85.1 468|IN Evansville 38.0 -87.6 477|IN South Bend 41.7 -86.3 466
IA Des Moines 41.6 -93.6 503|IA Cedar Rapids 42.0 -91.7 524|IA Davenport 41.5 -90.6 528
KS Wichita 37.7 -97.3 672|KS Topeka 39.0 -95.7 666|KS Overland Park 39.0 -94.7 -
KY Louisville 38.3 -85.8 402|KY Lexington 38.0 -84.5 405|KY Bowling Green 37.0 -86.4 -
LA New Orleans 30.0 -90.1 701|LA Baton Rouge 30.5 -91.2 708|LA Shreveport 32.5 -93.7 711|LA Lafayette 30.2 -92.0 -
ME Portland 43.7 -70.3 041|ME Bangor 44.8 -68.8 -|MD Baltimore 39.3 -76.6 212|MD Frederick 39.4 -77.4 -
MA Boston 42.4 -71.1 021|MA Worcester 42.3 -71.8 016|MA Springfield 42.1 -72.6 011
MI Detroit 42.3 -83.0 482|MI Grand Rapids 43.0 -85.7 495|MI Lansing 42.7 -84.6 489|MI Flint 43.0 -83.7 485
MN Minneapolis 45.0 -93.3 554|MN Saint Paul 45.0 -93.1 551|MN Duluth 46.8 -92.1 558|MN Rochester 44.0 -92.5 -
MS Jackson 32.3 -90.2 392|MS Gulfport 30.4 -89.1 -|MS Hattiesburg 31.3 -89.3 -
MO Kansas City 39.1 -94.6 641|MO Saint Louis 38.6 -90.2 631|MO Springfield 37.2 -93.3 658|MO Columbia 39.0 -92.3 -
MT Billings 45.8 -108.5 591|MT Missoula 46.9 -114.0 -|MT Great Falls 47.5 -111.3 -
NE Omaha 41.3 -95.9 681|NE Lincoln 40.8 -96.7 685|NE Grand Island 40.9 -98.3 -
NV Las Vegas 36.2 -115.1 891|NV Reno 39.5 -119.8 895|NH Manchester 43.0 -71.5 031|NH Concord 43.2 -71.5 033
NJ Newark 40.7 -74.2 071|NJ Jersey City 40.7 -74.1 073|NJ Trenton 40.2 -74.8 086|NJ Camden 39.9 -75.1 081
NM Albuquerque 35.1 -106.7 871|NM Santa Fe 35.7 -105.9 -|NM Las Cruces 32.3 -106.8 -
NY New York 40.7 -74.0 100|NY Brooklyn 40.7 -73.9 112|NY Buffalo 42.9 -78.9 142|NY Rochester 43.2 -77.6 146
NY Syracuse 43.0 -76.1 132|NY Albany 42.7 -73.8 122|NY Yonkers 40.9 -73.9 107
NC Charlotte 35.2 -80.8 282|NC Raleigh 35.8 -78.6 276|NC Greensboro 36.1 -79.8 274|NC Asheville 35.6 -82.6 288
ND Fargo 46.9 -96.8 581|ND Bismarck 46.8 -100.8 -|ND Grand Forks 47.9 -97.0 -
OH Columbus 40.0 -83.0 432|OH Cleveland 41.5 -81.7 441|OH Cincinnati 39.1 -84.5 452|OH Toledo 41.7 -83.5 436
OH Akron 41.1 -81.5 443|OH Dayton 39.8 -84.2 454|OK Oklahoma City 35.5 -97.5 731|OK Tulsa 36.2 -96.0 741
OR Portland 45.5 -122.7 972|OR Salem 44.9 -123.0 -|OR Eugene 44.1 -123.1 -|OR Bend 44.1 -121.3 -
PA Philadelphia 40.0 -75.2 191|PA Pittsburgh 40.4 -80.0 152|PA Harrisburg 40.3 -76.9 171|PA Scranton 41.4 -75.7 185
RI Providence 41.8 -71.4 029|SC Charleston 32.8 -79.9 -|SC Columbia 34.0 -81.0 292|SC Greenville 34.8 -82.4 -
SD Sioux Falls 43.5 -96.7 571|SD Rapid City 44.1 -103.2 -
TN Nashville 36.2 -86.8 372|TN Memphis 35.1 -90.0 381|TN Knoxville 36.0 -83.9 379|TN Chattanooga 35.0 -85.3 374
TX Houston 29.8 -95.4 770|TX San Antonio 29.4 -98.5 782|TX Dallas 32.8 -96.8 752|TX Austin 30.3 -97.7 787
TX Fort Worth 32.8 -97.3 761|TX El Paso 31.8 -106.5 799|TX Corpus Christi 27.8 -97.4 784|TX Lubbock 33.6 -101.9 794
UT Salt Lake City 40.8 -111.9 841|UT Provo 40.2 -111.7 -|UT Ogden 41.2 -112.0 844
VT Burlington 44.5 -73.2 -|VA Richmond 37.5 -77.4 232|VA Norfolk 36.9 -76.3 235|VA Roanoke 37.3 -79.9 -
VA Virginia Beach 36.8 -76.0 -|WA Seattle 47.6 -122.3 981|WA Spokane 47.7 -117.4 992|WA Tacoma 47.3 -122.4 984
WA Vancouver 45.6 -122.7 -|WV Charleston 38.3 -81.6 253|WV Huntington 38.4 -82.4 257|WV Morgantown 39.6 -80.0 -
WI Milwaukee 43.0 -87.9 532|WI Madison 43.1 -89.4 537|WI Green Bay 44.5 -88.0 543
WY Cheyenne 41.1 -104.8 -|WY Casper 42.9 -106.3 -
"""


@dataclass(frozen=True, slots=True)
class LargeTown:
    """A town: its state's code, degrees, and three digits with which its postal codes begin, or none."""

    state: str
    name: str
    latitude: float
    longitude: float
    prefix: str


def _towns() -> Iterator[LargeTown]:
    for line in _TOWNS.strip().replace("\n", "|").split("|"):
        state, *name, latitude, longitude, prefix = line.split()
        yield LargeTown(state, " ".join(name), float(latitude), float(longitude), prefix.strip("-"))


LARGE_TOWNS = tuple(_towns())
