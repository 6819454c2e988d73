/* Who is like whom among made-up profiles: councils of thirteen types, all compared with each other,
 * and anchors with up to sixteen services and activities each. An *ask* is what the daemon does for
 * one question: the group is looked at, the fifteen nearest are found and the reasons for each put
 * into words. A *make* is the whole table made anew from all profiles, which happens once after any of
 * them has changed. Sizes and kinds take turns.
 *
 * Prints for each the median, the least and the most, in milliseconds of processor time: how long
 * the daemon's loop would be held up on a machine with nothing else to do. */
#include "core/form.h"
#include "core/similar.h"
#include "tests/bench/bench.h"

#include <string.h>

enum { PROFILES = 20000, SIZES = 4, TURNS = 21, NEAREST = 15 };

static const size_t sizes[SIZES] = {2500, 5000, 10000, PROFILES};

struct many {
	enum kl_member_kind kind;
	struct kl_profile *profiles;
	struct kl_marks (*marks)[2]; /* as the daemon keeps them beside each profile */
	struct kl_likeness *likenesses;
	struct kl_similar table;
	double make[SIZES][TURNS], ask[SIZES][TURNS];
};

/* Seconds that this process has worked: the machine may do other things at the same time. */
static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- made-up profiles ------------------------------------------------------------------------ */

static uint64_t state = 4;

static uint32_t dice(uint32_t sides)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % sides;
}

static void put(struct kl_optional_int *field, int64_t value)
{
	*field = (struct kl_optional_int){dice(10) > 0, value};
}

static void word(char out[KL_SLUG_MAX], const struct kl_slug *words)
{
	uint32_t n = 0;

	while (words[n].slug)
		n++;
	(void)kl_copy_text(out, KL_SLUG_MAX, words[dice(n)].slug);
}

static void some(struct kl_text_list *list)
{
	for (uint32_t i = 0, n = dice(17); i < n; i++) {
		char text[32];

		snprintf(text, sizeof text, "made-up service %u", dice(200));
		if (kl_form_add_item(list, kl_bytes_str(text)))
			give_up("no memory");
	}
}

static void make_up(struct kl_profile *p, enum kl_member_kind kind)
{
	p->attributes.kind = kind;
	put(&p->population, 1000 + dice(1000000));
	p->attributes.deprivation_quintile = (uint8_t)dice(6);
	word(p->attributes.rural_urban, kl_rural_urban_classes);
	word(p->attributes.region, kl_regions);
	if (kind == KL_MEMBER_COUNCIL) {
		word(p->attributes.type, kl_council_types);
		put(&p->life_expectancy_women, 780 + dice(90));
		put(&p->life_expectancy_men, 740 + dice(90));
		return;
	}
	word(p->attributes.income_band, kl_income_bands);
	put(&p->staff, dice(2000));
	put(&p->tenants, dice(100));
	put(&p->floor_space_m2, dice(20000));
	some(&p->services);
	some(&p->activities);
}

static void make_up_all(struct many *many, enum kl_member_kind kind)
{
	many->kind = kind;
	many->profiles = calloc(PROFILES, sizeof *many->profiles);
	many->marks = calloc(PROFILES, sizeof *many->marks);
	many->likenesses = calloc(PROFILES, sizeof *many->likenesses);
	if (!many->profiles || !many->marks || !many->likenesses)
		give_up("no memory");
	for (size_t i = 0; i < PROFILES; i++)
		make_up(&many->profiles[i], kind);
}

/* Microseconds for one profile that comes in: its sets are made comparable. */
static double mark_all(struct many *many)
{
	double begun = cpu();

	for (size_t i = 0; i < PROFILES; i++)
		if (kl_marks_of(&many->profiles[i].services, &many->marks[i][0]) ||
			kl_marks_of(&many->profiles[i].activities, &many->marks[i][1]))
			give_up("no memory");
	return 1e6 * (cpu() - begun) / PROFILES;
}

/* ---- measuring ------------------------------------------------------------------------------- */

static double make(struct many *many, size_t n)
{
	double begun = cpu();

	kl_similar_init(&many->table, many->kind);
	for (size_t i = 0; i < n; i++) {
		kl_likeness_of_profile(&many->profiles[i], &many->marks[i][0], &many->marks[i][1],
			&many->likenesses[i]);
		if (kl_similar_add(&many->table, &many->likenesses[i], true))
			give_up("no memory");
	}
	return cpu() - begun;
}

static size_t tell(const struct many *many, const struct kl_vantage *v, const struct kl_near *near)
{
	char text[KL_FEATURE_TEXT_MAX];
	struct kl_reasons reasons;
	size_t told = 0;

	kl_similar_why(
		v, near->row, &many->likenesses[v->row], &many->likenesses[near->row], &reasons);
	for (size_t i = 0; i < reasons.n_together; i++)
		told += strlen(kl_feature_words(reasons.together[i], &many->likenesses[v->row],
			&many->likenesses[near->row], true, text));
	for (size_t i = 0; i < reasons.n_apart; i++)
		told += strlen(kl_feature_words(reasons.apart[i], &many->likenesses[v->row],
			&many->likenesses[near->row], false, text));
	return told;
}

static double ask(const struct many *many, size_t row)
{
	struct kl_near near[NEAREST];
	struct kl_vantage vantage;
	struct kl_found found;
	double begun = cpu();
	size_t told = 0;

	kl_similar_look(&many->table, row, true, &vantage);
	kl_similar_nearest(&vantage, false, NEAREST, near, &found);
	for (size_t i = 0; i < found.n; i++)
		told += tell(many, &vantage, &near[i]);
	if (found.n && !told)
		give_up("no reasons");
	return cpu() - begun;
}

static void print(const char *kind, const char *what, size_t n, double times[TURNS])
{
	double middle = median(times, TURNS);

	printf("similar_%s_%zu_%s_ms %.3f\n", kind, n, what, 1e3 * middle);
	printf("similar_%s_%zu_%s_least_ms %.3f\n", kind, n, what, 1e3 * times[0]);
	printf("similar_%s_%zu_%s_most_ms %.3f\n", kind, n, what, 1e3 * times[TURNS - 1]);
}

int main(void)
{
	static struct many all[2];
	static const char *const names[] = {"councils", "anchors"};

	make_up_all(&all[0], KL_MEMBER_COUNCIL);
	make_up_all(&all[1], KL_MEMBER_ANCHOR);
	(void)mark_all(&all[0]);
	printf("similar_anchor_taken_us %.3f\n", mark_all(&all[1]));
	for (int turn = 0; turn < TURNS; turn++)
		for (int s = 0; s < SIZES; s++)
			for (int k = 0; k < 2; k++) {
				all[k].make[s][turn] = make(&all[k], sizes[s]);
				all[k].ask[s][turn] = ask(&all[k], dice((uint32_t)sizes[s]));
				kl_similar_deinit(&all[k].table);
			}
	for (int k = 0; k < 2; k++)
		for (int s = 0; s < SIZES; s++) {
			print(names[k], "make", sizes[s], all[k].make[s]);
			print(names[k], "ask", sizes[s], all[k].ask[s]);
		}
	for (int k = 0; k < 2; k++) {
		for (size_t i = 0; i < PROFILES; i++) {
			kl_profile_deinit(&all[k].profiles[i]);
			kl_marks_deinit(&all[k].marks[i][0]);
			kl_marks_deinit(&all[k].marks[i][1]);
		}
		free(all[k].profiles);
		free(all[k].marks);
		free(all[k].likenesses);
	}
	return 0;
}
