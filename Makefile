# customer_tier: grade customers inside PostgreSQL
EXTENSION = customer_tier
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" customer_tier.control)

# The topics, from the ground up: a topic may call only those before it.
C_TOPICS = customer_tier numeric_decode numeric_encode parse_cache exact_sum \
	scheme_scan scheme_parse scheme_check scheme_print scheme \
	digest_view digest digest_flat digest_agg digest_type digest_read \
	grade grade_elapsed grade_explain in_tier separator moments natural fit summary among \
	rfm rfm_measures rfm_rollup rfm_segments \
	weights scorecard_parse scorecard_score scorecard_integers scorecard scorecard_fit scorecard_jsonb \
	credit catalog
SQL_TOPICS = scheme digest grade in_tier fit summary among rfm rfm_measures rfm_rollup rfm_segments weights scorecard credit catalog

MODULE_big = customer_tier
OBJS = $(C_TOPICS:%=src/%.o)
DATA_built = customer_tier--$(EXTVERSION).sql
EXTRA_CLEAN = customer_tier--$(EXTVERSION).sql

REGRESS = numeric_decode $(SQL_TOPICS) soft_errors
REGRESS_OPTS = --load-extension=customer_tier --encoding=UTF8
ISOLATION = catalog
ISOLATION_OPTS = --load-extension=customer_tier --inputdir=test/isolation

# -ffp-contract=off: the same digest and fit on every architecture
PG_CFLAGS = -ffp-contract=off

# These bring what they need, a throw-away server among it: see test/
ALONE = test demo bench fuzz check-strict check-differential
.PHONY: $(ALONE)

ifneq (,$(filter $(ALONE),$(MAKECMDGOALS)))

test:
	@test/run
demo:
	@test/demo/run
bench:
	@test/bench/run
fuzz:
	@test/fuzz/run
check-strict:
	@test/check_strict
check-differential:
	@test/differential/run

else

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

customer_tier--$(EXTVERSION).sql: $(SQL_TOPICS:%=src/%.sql)
	cat $^ > $@

$(OBJS): $(wildcard src/*.h)

# Compare the numeric decoder with the server's conversion on 5 million values.
.PHONY: check-decode
check-decode:
	$(MAKE) -C test/decode compare PG_CONFIG=$(PG_CONFIG)

endif
