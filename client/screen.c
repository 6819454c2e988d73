#include "client/screen.h"
#include "core/harmless.h"

#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* The longest row of characters beyond ASCII that is judged as a whole. */
enum { HELD_MAX = 1024 };

static struct screen {
	FILE *shown, *under;
	struct kl_harmless at;
	char held[HELD_MAX]; /* may be the beginning of a piece whose rest is still to come */
	size_t n;
} screens[KL_SCREENS_MAX];

static struct screen *find(const FILE *shown)
{
	for (size_t i = 0; i < KL_SCREENS_MAX; i++)
		if (screens[i].shown == shown)
			return &screens[i];
	return NULL;
}

static void show(struct screen *screen, size_t n)
{
	struct kl_bytes rest = kl_bytes(screen->held, n);
	bool harmless;

	for (size_t len; rest.len; rest = kl_bytes(rest.data + len, rest.len - len)) {
		len = kl_harmless_next(&screen->at, rest, &harmless);
		if (harmless)
			(void)fwrite(rest.data, 1, len, screen->under);
		else
			fputs(KL_HARMLESS_INSTEAD, screen->under);
	}
	screen->n -= n;
	memmove(screen->held, screen->held + n, screen->n);
}

/* No piece goes on behind a character of ASCII, except from CR to LF. */
static size_t decided(const struct screen *screen)
{
	size_t n = screen->n;

	while (n && ((unsigned char)screen->held[n - 1] >= 0x80 || screen->held[n - 1] == '\r'))
		n--;
	return n;
}

static ssize_t write_to(void *cookie, const char *data, size_t len)
{
	struct screen *screen = cookie;

	for (size_t done = 0; done < len;) {
		size_t n = sizeof screen->held - screen->n;

		if (n > len - done)
			n = len - done;
		memcpy(screen->held + screen->n, data + done, n);
		screen->n += n;
		done += n;
		n = decided(screen);
		show(screen, n || screen->n < sizeof screen->held ? n : screen->n);
	}
	return fflush(screen->under) || ferror(screen->under) ? 0 : (ssize_t)len;
}

static int close_it(void *cookie)
{
	struct screen *screen = cookie;

	show(screen, screen->n);
	screen->shown = NULL;
	return fflush(screen->under) || ferror(screen->under) ? -1 : 0;
}

FILE *kl_screen_open(FILE *under, bool at_once)
{
	struct screen *screen = find(NULL);

	if (!screen)
		return NULL;
	*screen = (struct screen){.under = under};
	screen->shown = fopencookie(
		screen, "w", (cookie_io_functions_t){.write = write_to, .close = close_it});
	if (screen->shown && at_once)
		setvbuf(screen->shown, NULL, _IONBF, 0);
	return screen->shown;
}

int kl_screen_close(FILE *screen)
{
	return fclose(screen) ? KL_E_IO : KL_OK;
}

void kl_screen_own(FILE *out, const char *sequence)
{
	struct screen *screen = find(out);

	if (screen) {
		fflush(out);
		show(screen, screen->n);
		out = screen->under;
	}
	fputs(sequence, out);
}

bool kl_screen_is_terminal(FILE *out)
{
	const struct screen *screen = find(out);

	return isatty(fileno(screen ? screen->under : out));
}
