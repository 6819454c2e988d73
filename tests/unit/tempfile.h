/* A file with given bytes for the length of one test. */
#ifndef KL_TESTS_UNIT_TEMPFILE_H
#define KL_TESTS_UNIT_TEMPFILE_H

#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The path of the last file; each call replaces it. */
static inline const char *temp_file(const void *bytes, size_t len)
{
	static char path[64];
	int fd;

	if (path[0])
		unlink(path);
	if (!bytes)
		return NULL;
	snprintf(path, sizeof path, "/tmp/keeplocal-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
	return path;
}

static inline const char *temp_text(const char *text)
{
	return temp_file(text, strlen(text));
}

#endif
