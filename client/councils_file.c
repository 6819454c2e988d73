#include "client/councils_file.h"
#include "client/part_feed.h"
#include "core/names.h"
#include "core/words.h"
#include "protocol/doc_council.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	GSS,
	NAME,
	SHORT,
	LETTERS,
	COUNTY,
	NATION,
	TYPE,
	REGION,
	RURAL_URBAN,
	POPULATION,
	POPULATION_YEAR,
	AREA,
	LATITUDE,
	LONGITUDE,
	QUINTILE,
	DECILE,
	SCORE,
	DENSITY,
	URBAN,
	RURAL,
	REMOTE,
	COLUMNS
};

static const struct kl_column columns[COLUMNS] = {
	[GSS] = {.name = "gss_code",
		.aliases = {"gss", "ons code", "lad code", "area code", "authority code",
			"local authority gss code", "geography code", "lad21cd", "lad22cd",
			"lad23cd", "lad24cd", "lad25cd", NULL},
		.required = true},
	[NAME] = {.name = "official_name",
		.aliases = {"council name", "council", "name", "local authority name",
			"local authority", "authority name", "authority", "area name",
			"geography name", "lad21nm", "lad22nm", "lad23nm", "lad24nm", "lad25nm",
			NULL},
		.required = true,
		.ranked = true},
	[SHORT] = {.name = "short_name", .aliases = {"nice name", "common name", NULL}},
	[LETTERS] = {.name = "la_code",
		.aliases = {"local authority code", "letters", "register code", NULL}},
	[COUNTY] = {.name = "county_la_code",
		.aliases = {"county la", "county", "county name", "county code", NULL},
		.ranked = true},
	[NATION] = {.name = "nation", .aliases = {"country", NULL}},
	[TYPE] = {.name = "la_type",
		.aliases = {"type", "council type", "local authority type name",
			"local authority type", "authority type", NULL},
		.ranked = true},
	[REGION] = {.name = "region", .aliases = {"region name", NULL}},
	[RURAL_URBAN] = {.name = "ruc_label",
		.aliases = {"rural urban", "rural or urban", "rural urban class",
			"rural urban classification", "ruc", "ruc cluster label", NULL},
		.ranked = true},
	[POPULATION] = {.name = "population",
		.aliases = {"pop", "residents", "population estimate", NULL},
		.dated = true},
	[POPULATION_YEAR] = {.name = "population_year", .aliases = {"pop year", NULL}},
	[AREA] = {.name = "area_km2", .aliases = {"area", "area (sq km)", "square km", NULL}},
	[LATITUDE] = {.name = "lat", .aliases = {"latitude", NULL}},
	[LONGITUDE] = {.name = "long", .aliases = {"longitude", "lon", "lng", NULL}},
	[QUINTILE] = {.name = "imd_pop_quintile_1_most_deprived",
		.aliases = {"deprivation quintile", "imd quintile", "imd pop quintile",
			"pop quintile", NULL},
		.dated = true},
	[DECILE] = {.name = "imd_pop_decile",
		.aliases = {"imd_pop_decile_1_most_deprived", "deprivation decile", "imd decile",
			"pop decile", NULL},
		.dated = true},
	[SCORE] = {.name = "imd_score",
		.aliases = {"deprivation score", "imd average score", NULL},
		.dated = true},
	[DENSITY] = {.name = "density_per_km2", .aliases = {"density", "population density", NULL}},
	[URBAN] = {.name = "urban_share", .aliases = {"urban", "share urban", NULL}},
	[RURAL] = {.name = "rural_share", .aliases = {"rural", "share rural", NULL}},
	[REMOTE] = {.name = "highly_rural_share",
		.aliases = {"highly rural", "remote", "remote share", "sparse share", NULL}},
};

const struct kl_column *kl_councils_columns(unsigned *ret_count)
{
	static struct kl_column known[COLUMNS];

	memcpy(known, columns, sizeof known);
	known[TYPE].required = known[REGION].required = true;
	*ret_count = COLUMNS;
	return known;
}

struct kl_councils_file {
	struct kl_sheet *sheet;
	struct kl_part_feed feed;
	struct kl_names *codes; /* that stood in earlier rows; number i is that of lines[i] */
	uint32_t lines[KL_COUNCILS_MAX];
	bool ended;
};

/* ---- cells --------------------------------------------------------------------------------- */

static bool says_nothing(const char *cell)
{
	static const char *const nothing[] = {"", "-", "n/a", "na", "nan", "none", "null"};

	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
		if (!strcasecmp(cell, nothing[i]))
			return true;
	return false;
}

/* A number as publishers write them: 93836.0, 1,234, 5.2e-05; strtod() alone would also take inf and
 * hexadecimal. */
static bool parse_number(const char *cell, double *ret_number)
{
	char text[64], *end;
	size_t n = 0;

	for (; *cell; cell++) {
		if (*cell == ',')
			continue;
		if (n + 1 == sizeof text || !strchr("0123456789.+-eE", *cell))
			return false;
		text[n++] = *cell;
	}
	text[n] = '\0';
	*ret_number = strtod(text, &end);
	return n && !*end && isfinite(*ret_number);
}

static int read_number(const struct kl_sheet *sheet, unsigned column, double low, double high,
	const char *expected, struct kl_optional_double *out, struct kl_fault *fault)
{
	const char *cell = kl_sheet_cell(sheet, column);

	if (says_nothing(cell))
		return KL_OK;
	if (!parse_number(cell, &out->value) || out->value < low || out->value > high)
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, column, expected);
	out->known = true;
	return KL_OK;
}

static int read_whole(const struct kl_sheet *sheet, unsigned column, double low, double high,
	const char *expected, struct kl_optional_int *out, struct kl_fault *fault)
{
	struct kl_optional_double number = {false, 0};
	int rc = read_number(sheet, column, low, high, expected, &number, fault);

	if (!rc && number.known && number.value != floor(number.value))
		rc = kl_sheet_fault(sheet, fault, KL_E_MALFORMED, column, expected);
	if (!rc)
		*out = (struct kl_optional_int){number.known, (int64_t)number.value};
	return rc;
}

static int read_small(const struct kl_sheet *sheet, unsigned column, double high,
	const char *expected, uint8_t *out, struct kl_fault *fault)
{
	struct kl_optional_int number = {false, 0};
	int rc = read_whole(sheet, column, 1, high, expected, &number, fault);

	*out = (uint8_t)number.value;
	return rc;
}

static int read_text(const struct kl_sheet *sheet, unsigned column, char *out, size_t size,
	struct kl_fault *fault)
{
	const char *cell = kl_sheet_cell(sheet, column);

	if (says_nothing(cell))
		return KL_OK;
	if (!kl_one_line(cell, out, size) || !kl_text_is_plain(kl_bytes_str(out), false))
		return kl_sheet_fault(
			sheet, fault, KL_E_TOO_BIG, column, "one line of plain text, not so long");
	return KL_OK;
}

static int read_word(const struct kl_sheet *sheet, unsigned column, const struct kl_slug *words,
	const char *expected, char *out, struct kl_fault *fault)
{
	const char *cell = kl_sheet_cell(sheet, column);

	if (says_nothing(cell))
		return KL_OK;
	for (; words->slug; words++)
		if (kl_words_equal(words->slug, cell) || kl_words_equal(words->name, cell)) {
			(void)kl_copy_text(out, KL_SLUG_MAX, words->slug);
			return KL_OK;
		}
	return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, column, expected);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static int read_names(const struct kl_sheet *sheet, struct kl_council *c, struct kl_fault *fault)
{
	int rc;

	if (!kl_gss_typed(kl_sheet_cell(sheet, GSS), c->gss))
		return kl_sheet_fault(
			sheet, fault, KL_E_MALFORMED, GSS, "a GSS code such as E08000032");
	if ((rc = read_text(sheet, NAME, c->name, sizeof c->name, fault)) ||
		(rc = read_text(sheet, SHORT, c->short_name, sizeof c->short_name, fault)) ||
		(rc = read_text(sheet, LETTERS, c->letters, sizeof c->letters, fault)) ||
		(rc = read_text(sheet, COUNTY, c->county, sizeof c->county, fault)))
		return rc;
	if (!c->name[0])
		return kl_sheet_fault(
			sheet, fault, KL_E_MALFORMED, NAME, "the name of the council");
	return KL_OK;
}

static int read_words(const struct kl_sheet *sheet, struct kl_council *c, struct kl_fault *fault)
{
	const char *type = kl_sheet_cell(sheet, TYPE), *nation = kl_sheet_cell(sheet, NATION);
	int rc;

	if (!says_nothing(nation) && strcasecmp(nation, kl_council_nation(c)) != 0)
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, NATION,
			"the nation that the first letter of the code stands for");
	if (!says_nothing(type) && kl_council_type_parse(type, c->type))
		return kl_sheet_fault(sheet, fault, KL_E_MALFORMED, TYPE,
			"a type of council such as unitary authority or NI district");
	rc = read_word(sheet, REGION, kl_regions,
		"one of the nine regions of England, or Wales, Scotland, Northern Ireland",
		c->region, fault);
	return rc ? rc
		  : read_word(sheet, RURAL_URBAN, kl_rural_urban_classes,
			    "urban, urban with rural areas, rural, or sparse and rural",
			    c->rural_urban, fault);
}

/* The year behind the name of the column of residents: pop_2020. */
static uint16_t year_of(const struct kl_sheet *sheet, unsigned column)
{
	const char *called = kl_sheet_called(sheet, column);
	size_t len = strlen(called);

	if (len < 4 || strspn(called + len - 4, "0123456789") != 4)
		return 0;
	return (uint16_t)strtoul(called + len - 4, NULL, 10);
}

static int read_residents(
	const struct kl_sheet *sheet, struct kl_council *c, struct kl_fault *fault)
{
	struct kl_optional_int year = {false, 0};
	int rc;

	if ((rc = read_whole(sheet, POPULATION, 0, KL_PROFILE_POPULATION_MAX,
		     "a whole number of residents", &c->population, fault)) ||
		(rc = read_whole(
			 sheet, POPULATION_YEAR, 1900, 2200, "a year such as 2020", &year, fault)))
		return rc;
	if (c->population.known)
		c->population_year = year.known ? (uint16_t)year.value : year_of(sheet, POPULATION);
	return KL_OK;
}

static int read_figures(const struct kl_sheet *sheet, struct kl_council *c, struct kl_fault *fault)
{
	static const char share[] = "a share from 0 to 1";
	struct kl_optional_double density = {false, 0};
	int rc;

	if ((rc = read_residents(sheet, c, fault)) ||
		(rc = read_number(sheet, AREA, 0, 300000, "square kilometres", &c->area, fault)) ||
		(rc = read_number(sheet, LATITUDE, 49, 62, "degrees north, 49 to 62", &c->latitude,
			 fault)) ||
		(rc = read_number(sheet, LONGITUDE, -9, 3,
			 "degrees east, -9 to 3 (west is negative)", &c->longitude, fault)) ||
		(rc = read_small(sheet, QUINTILE, 5, "1 (most deprived) to 5",
			 &c->deprivation_quintile, fault)) ||
		(rc = read_small(sheet, DECILE, 10, "1 (most deprived) to 10",
			 &c->deprivation_decile, fault)) ||
		(rc = read_number(sheet, SCORE, 0, 1000, "a score of deprivation",
			 &c->deprivation_score, fault)) ||
		(rc = read_number(sheet, DENSITY, 0, 1e6, "residents for each square kilometre",
			 &density, fault)) ||
		(rc = read_number(sheet, URBAN, 0, 1, share, &c->urban, fault)) ||
		(rc = read_number(sheet, RURAL, 0, 1, share, &c->rural, fault)) ||
		(rc = read_number(sheet, REMOTE, 0, 1, share, &c->remote, fault)))
		return rc;
	if (density.known && density.value > 0 && !c->area.known && c->population.known)
		c->area = (struct kl_optional_double){
			true, (double)c->population.value / density.value};
	return KL_OK;
}

static int read_row(const struct kl_sheet *sheet, struct kl_council *c, struct kl_fault *fault)
{
	int rc = kl_sheet_check_row(sheet, fault);

	if (!rc)
		rc = read_names(sheet, c, fault);
	if (!rc)
		rc = read_words(sheet, c, fault);
	return rc ? rc : read_figures(sheet, c, fault);
}

/* Each code stands in one row. */
static int note_code(struct kl_councils_file *f, const char *gss, struct kl_fault *fault)
{
	struct kl_names_found found;
	char expected[80];

	if (kl_names_count(f->codes) == KL_COUNCILS_MAX)
		return kl_fault(fault, KL_E_TOO_BIG, "%s: more than %d councils",
			kl_sheet_name(f->sheet), KL_COUNCILS_MAX);
	if (kl_names_add(f->codes, gss, &found))
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", kl_sheet_name(f->sheet));
	if (found.added) {
		f->lines[found.number] = kl_sheet_line(f->sheet);
		return KL_OK;
	}
	(void)snprintf(expected, sizeof expected, "another code than in %s %u: each stands once",
		kl_sheet_word(f->sheet), f->lines[found.number]);
	return kl_sheet_fault(f->sheet, fault, KL_E_MALFORMED, GSS, expected);
}

static int try_row(const struct kl_sheet *sheet, void *data)
{
	struct kl_council council = {.population_year = 0};

	(void)data;
	return read_row(sheet, &council, NULL);
}

int kl_councils_file_next(
	struct kl_councils_file *file, struct kl_fault *fault, struct kl_council *ret_council)
{
	struct kl_council council = {.population_year = 0};
	int rc = file->ended ? 0 : kl_sheet_next(file->sheet, fault);

	file->ended = rc != 1;
	if (!rc && !kl_names_count(file->codes))
		return kl_fault(fault, KL_E_MALFORMED, "%s: has no councils below its header",
			kl_sheet_name(file->sheet));
	if (rc != 1)
		return rc;
	rc = read_row(file->sheet, &council, fault);
	if (!rc)
		rc = note_code(file, council.gss, fault);
	if (rc) {
		file->ended = true;
		return kl_sheet_look_on(file->sheet, try_row, NULL, fault);
	}
	*ret_council = council;
	return 1;
}

/* ---- the file ------------------------------------------------------------------------------ */

static int feed_row(void *data, struct kl_writer *row, struct kl_fault *fault)
{
	struct kl_council council;
	int rc = kl_councils_file_next(data, fault, &council);

	if (rc == 1)
		kl_doc_council_encode(row, &council);
	return rc;
}

int kl_councils_file_open(const char *path, const char *tab, struct kl_fault *fault,
	struct kl_councils_file **ret_file)
{
	struct kl_councils_file *f = calloc(1, sizeof *f);
	int rc;

	if (!f)
		return kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	kl_part_feed_init(&f->feed, feed_row, f);
	f->codes = kl_names_new();
	rc = f->codes ? kl_sheet_open(path, tab, columns, COLUMNS, fault, &f->sheet)
		      : kl_fault(fault, KL_E_NOMEM, "no memory to read %s", path);
	if (rc) {
		kl_councils_file_close(f);
		return rc;
	}
	*ret_file = f;
	return KL_OK;
}

void kl_councils_file_close(struct kl_councils_file *file)
{
	if (!file)
		return;
	kl_part_feed_deinit(&file->feed);
	kl_names_destroy(file->codes);
	kl_sheet_close(file->sheet);
	free(file);
}

int kl_councils_file_part(void *file, struct kl_writer *rows, struct kl_fault *fault)
{
	struct kl_councils_file *f = file;

	return kl_part_feed_next(&f->feed, rows, fault);
}

const struct kl_sheet *kl_councils_file_sheet(const struct kl_councils_file *file)
{
	return file->sheet;
}
