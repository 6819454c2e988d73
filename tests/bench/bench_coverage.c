/* Who does what where, for made-up members in 400 areas with up to eight services and eight activities
 * each, half of them of the report. A *take* is what one profile costs when it comes in; an *ask* is
 * what the daemon does for one question: the grid is made, and the names in its first cells are found.
 *
 * Prints the median, the least and the most, in milliseconds of processor time (takes in microseconds
 * for one profile): how long the daemon's loop would be held up on a machine with nothing else to do. */
#include "core/coverage.h"
#include "core/form.h"
#include "tests/bench/bench.h"

#include <string.h>

enum { MEMBERS = 20000, AREAS = 400, ITEMS = 8, OWN = 3000, TURNS = 21, CELLS = 4096 };

struct made {
	struct kl_text_list services, activities;
	uint64_t pursuits[2 * ITEMS], area;
};

static struct made made[MEMBERS];
static struct kl_coverage_member members[MEMBERS];
static uint32_t who[CELLS][KL_COVERAGE_WHO_MAX];

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t state = 4;

static uint32_t dice(uint32_t sides)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % sides;
}

static void some(struct kl_text_list *list)
{
	for (uint32_t i = 0, n = dice(ITEMS + 1); i < n; i++) {
		char own[32];
		const char *text = own;

		snprintf(own, sizeof own, "made-up service %u", dice(OWN));
		if (dice(2))
			text = kl_activity_at(dice((uint32_t)kl_activity_count()))->name;
		if (kl_form_add_item(list, kl_bytes_str(text)))
			give_up("no memory");
	}
}

/* Microseconds for one profile. */
static double take_all(struct kl_pursuits *bank)
{
	double begun = cpu();

	for (size_t i = 0; i < MEMBERS; i++) {
		struct made *m = &made[i];
		size_t n = 0;

		for (size_t k = 0; k < m->services.n; k++)
			m->pursuits[n++] = kl_pursuit_of(bank, m->services.items[k]);
		for (size_t k = 0; k < m->activities.n; k++)
			m->pursuits[n++] = kl_pursuit_of(bank, m->activities.items[k]);
	}
	return 1e6 * (cpu() - begun) / MEMBERS;
}

static double ask(struct kl_pursuits *bank, const struct kl_coverage_wanted *wanted)
{
	struct kl_coverage grid;
	double begun = cpu();
	size_t cells;

	if (kl_coverage_make(bank, members, MEMBERS, wanted, &grid))
		give_up("no memory");
	cells = grid.n_places * grid.n_rows < CELLS ? grid.n_places * grid.n_rows : CELLS;
	if (kl_coverage_who(&grid, members, MEMBERS, 0, cells, who))
		give_up("no memory");
	begun = cpu() - begun;
	kl_coverage_deinit(&grid);
	return begun;
}

int main(void)
{
	static const struct {
		const char *name;
		struct kl_coverage_wanted wanted;
	} asks[] = {{"characteristics", {true, NULL, NULL}}, {"activities", {false, NULL, NULL}},
		{"one", {false, "food", NULL}}};
	enum { ASKS = sizeof asks / sizeof *asks };
	struct kl_pursuits *bank = kl_pursuits_new();
	double times[ASKS][TURNS];

	for (size_t i = 0; i < MEMBERS; i++) {
		some(&made[i].services);
		some(&made[i].activities);
		made[i].area = dice(AREAS);
		members[i] = (struct kl_coverage_member){
			&made[i].services, &made[i].activities, made[i].pursuits, &made[i].area, 1};
	}
	printf("coverage_take_us %.3f\n", take_all(bank));
	for (int turn = 0; turn < TURNS; turn++)
		for (int k = 0; k < ASKS; k++)
			times[k][turn] = ask(bank, &asks[k].wanted);
	for (int k = 0; k < ASKS; k++) {
		double middle = median(times[k], TURNS);

		printf("coverage_%s_ms %.3f\n", asks[k].name, 1e3 * middle);
		printf("coverage_%s_least_ms %.3f\n", asks[k].name, 1e3 * times[k][0]);
		printf("coverage_%s_most_ms %.3f\n", asks[k].name, 1e3 * times[k][TURNS - 1]);
	}
	for (size_t i = 0; i < MEMBERS; i++) {
		kl_form_clear_list(&made[i].services);
		kl_form_clear_list(&made[i].activities);
	}
	kl_pursuits_destroy(bank);
	return 0;
}
