#include "client/progress.h"
#include "client/screen.h"
#include "core/money.h"

#include <signal.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_MS = 1000, REDRAW_MS = 100, BAR = 24 };

static volatile sig_atomic_t stands;

bool kl_progress_stands(void)
{
	return stands;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void kl_progress_init(struct kl_progress *progress, FILE *out)
{
	*progress = (struct kl_progress){.out = kl_screen_is_terminal(out) ? out : NULL};
	progress->begun_ms = now_ms();
}

const char *kl_progress_line(
	uint64_t done, uint64_t total, const char *what, char out[KL_PROGRESS_LINE_MAX])
{
	char count[KL_MONEY_TEXT_MAX], bar[BAR + 1];
	double share;

	if (!total) {
		snprintf(out, KL_PROGRESS_LINE_MAX, "%.160s: %s", what,
			kl_count_format((int64_t)done, count));
		return out;
	}
	share = done < total ? (double)done / (double)total : 1;
	memset(bar, '.', BAR);
	memset(bar, '#', (size_t)(share * BAR));
	bar[BAR] = '\0';
	snprintf(out, KL_PROGRESS_LINE_MAX, "%.160s [%s] %3d%%", what, bar, (int)(share * 100));
	return out;
}

void kl_progress_show(void *data, uint64_t done, uint64_t total, const char *what)
{
	struct kl_progress *progress = data;
	uint64_t now = now_ms();
	char line[KL_PROGRESS_LINE_MAX];

	if (!progress->out || now - progress->begun_ms < PATIENCE_MS)
		return;
	if (progress->drawn && now - progress->drawn_ms < REDRAW_MS)
		return;
	progress->drawn = true;
	progress->drawn_ms = now;
	stands = 1;
	kl_screen_own(progress->out, "\r\033[K");
	fputs(kl_progress_line(done, total, what, line), progress->out);
	fflush(progress->out);
}

void kl_progress_clear(struct kl_progress *progress)
{
	if (!progress->drawn)
		return;
	kl_screen_own(progress->out, "\r\033[K");
	fflush(progress->out);
	progress->drawn = false;
	stands = 0;
}
