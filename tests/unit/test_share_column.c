/* Shares as people write them into a column: what is clear, and what is asked about. */
#include "client/share_column.h"
#include "tests/unit/tempfile.h"

#include <math.h>

static const struct kl_column columns[] = {{"n", {NULL}, true}, {"share", {"share %"}, true}};
static struct kl_fault fault;

static struct kl_sheet *open_column(const char *head, const char *cells)
{
	struct kl_sheet *sheet = NULL;
	char text[512];
	size_t n = (size_t)snprintf(text, sizeof text, "n,%s\n", head);

	for (; *cells; cells += strspn(cells, " ")) {
		size_t len = strcspn(cells, " ");

		n += (size_t)snprintf(text + n, sizeof text - n, "x,%.*s\n", (int)len, cells);
		cells += len;
	}
	assert_int_equal(kl_sheet_open(temp_text(text), NULL, columns, 2, &fault, &sheet), KL_OK);
	return sheet;
}

/* Cells parted by blanks, and what they must come to. */
static void reads(const char *cells, const double *shares, unsigned notes)
{
	struct kl_share_column seen = {{0}};
	struct kl_sheet *sheet = open_column("share", cells);
	double share;

	for (; kl_sheet_next(sheet, &fault) == 1; shares++) {
		if (kl_share_column_read(&seen, sheet, 1, &fault, &share))
			fail_msg("%s", fault.message);
		if (fabs(share - *shares) > 1e-12)
			fail_msg("%s: %g, not %g", kl_sheet_cell(sheet, 1), share, *shares);
	}
	kl_share_column_tell(&seen, sheet, 1);
	assert_int_equal(kl_sheet_notes(sheet), notes);
	kl_sheet_close(sheet);
}

static void what_is_clear(void **state)
{
	(void)state;
	reads("0.45 1 0 0.05", (double[]){0.45, 1, 0, 0.05}, 0);
	reads("45 100 0 7.5", (double[]){0.45, 1, 0, 0.075}, 1);
	reads("45% 1% 0 100% 0.5%", (double[]){0.45, 0.01, 0, 1, 0.005}, 0);
	reads("45% 45 0%", (double[]){0.45, 0.45, 0}, 1);
	reads("45% 0.45", (double[]){0.45, 0.45}, 0);
	reads("33.3333333333333%", (double[]){0.333333333333333}, 0);
}

/* The last cell is the one that is refused. */
static void refuses(const char *head, const char *cells, const char *what)
{
	struct kl_share_column seen = {{0}};
	struct kl_sheet *sheet = open_column(head, cells);
	double share = 7;
	int rc = KL_OK;

	while (!rc && kl_sheet_next(sheet, &fault) == 1)
		rc = kl_share_column_read(&seen, sheet, 1, &fault, &share);
	if (!rc || kl_sheet_next(sheet, NULL) != 0)
		fail_msg("%s: %s", cells, rc ? fault.message : "was taken");
	if (rc != KL_E_MALFORMED || !strstr(fault.message, what))
		fail_msg("%s: %s", cells, fault.message);
	kl_sheet_close(sheet);
}

static void what_is_not_clear(void **state)
{
	(void)state;
	refuses("share", "0.45 0 45", "line 4, column 'share': found '45', expected one way");
	refuses("share", "0.45 0 45", "45% or 0.45: line 2 has '0.45'");
	refuses("share", "45 0.45", "line 2 has '45'");
	refuses("share", "45 1", "line 2 has '45'");
	refuses("share", "1 45", "line 2 has '1'");
	refuses("share", "45% 1", "line 2 has '45%'");
	refuses("share", "1 45%", "line 2 has '1'");
	refuses("share %", "45% 0.5", "a per cent sign");
	refuses("share %", "1", "a per cent sign");
}

static void what_is_no_share(void **state)
{
	static const char *const cells[] = {"100.5", "4500%", "-1", "half", "101%", "1e-3"};

	(void)state;
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
		refuses("share", cells[i], "expected a share such as 45% or 0.45");
}

static int clean_up(void **state)
{
	(void)state;
	temp_file(NULL, 0);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_clear),
		cmocka_unit_test(what_is_not_clear),
		cmocka_unit_test(what_is_no_share),
	};

	return cmocka_run_group_tests(tests, NULL, clean_up);
}
