# customer_tier: grade customers inside PostgreSQL
EXTENSION = customer_tier
SOURCES = $(dir $(firstword $(MAKEFILE_LIST)))
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(SOURCES)customer_tier.control)

# The wings of src/, from the ground up. A file may include and call only its
# own wing and those further left; a plus joins siblings, which do not know
# each other. test/t/wings.pl holds the includes to it.
HOUSE = base number digest+scheme grade fit rfm+scorecard clv catalog program plot
WINGS = $(subst +, ,$(HOUSE))

C_base = customer_tier text_type text_type_arg kept_text rows json_object as_of
C_number = numeric_decode numeric_encode decimal exact_sum
C_digest = digest_view digest_state digest_flat digest_agg digest_type digest_read
C_scheme = bound scheme_scan scheme_parse scheme_check scheme_print scheme scheme_jsonb \
	tiers tier_case
C_grade = grade tier_of grade_elapsed grade_explain in_tier
C_fit = separator moments natural fit summary among
C_rfm = rfm order_time rfm_as_of rfm_measures customer_table customer_spill rfm_rollup \
	rfm_segments buyer_runs rfm_summary
C_scorecard = weights scorecard_parse scorecard_score scorecard_integers scorecard \
	scorecard_fit scorecard_jsonb credit
C_clv = special optimise bgnbd pareto_nbd bgbb gamma_gamma history model_text purchase_model \
	model_fit clv_measures clv_fit clv_predict
C_catalog = catalog catalog_entries
C_program = rules_parse rules standing_plan standing_fold standing_shape standing_record standing_call \
	standing standing_explain \
	program_sql program program_create program_trigger program_load program_pass program_evaluate \
	program_draft program_look reports_sql reports forecast
C_plot = canvas plot plot_rfm plot_migration

# The SQL topics, in the order in which the install script declares them.
SQL_TOPICS = base/as_of scheme/scheme digest/digest grade/grade grade/in_tier fit/fit fit/summary \
	fit/among rfm/rfm_as_of rfm/rfm_measures rfm/rfm rfm/rfm_rollup rfm/rfm_segments rfm/rfm_summary \
	scorecard/weights scorecard/scorecard scorecard/credit clv/purchase_model clv/clv_measures \
	clv/clv_fit clv/clv_predict clv/clv_validate catalog/catalog \
	program/rules program/standing program/program program/reports plot/plot

MODULE_big = customer_tier
OBJS = $(foreach wing,$(WINGS),$(C_$(wing):%=src/$(wing)/%.o))
DATA_built = customer_tier--$(EXTVERSION).sql
# What was released, and the ways from there; see release/README.md
DATA = $(filter-out release/customer_tier--$(EXTVERSION).sql, \
	$(patsubst $(SOURCES)%,%,$(sort $(wildcard $(SOURCES)release/customer_tier--*.sql))))
EXTRA_CLEAN = customer_tier--$(EXTVERSION).sql

REGRESS = numeric_decode $(notdir $(SQL_TOPICS)) forecast program_look program_fold program_sources clv_recovery clv_program argument_types text_type kept domains soft_errors
REGRESS_OPTS = --load-extension=customer_tier --encoding=UTF8
ISOLATION = catalog program
ISOLATION_OPTS = --load-extension=customer_tier --inputdir=test/isolation

PG_CPPFLAGS = -I$(srcdir)/src
# -ffp-contract=off: the same digest and fit on every architecture
# -Werror=...: what one version of the server declares, another may not
PG_CFLAGS = -ffp-contract=off -Werror=implicit-function-declaration

# These bring what they need, a throw-away server among it: see test/
ALONE = test demo dashboard bench fuzz check-strict check-versions check-asan check-valgrind \
	check-sqlsmith check-differential check-recovery check-scale check-upgrade check-deb \
	check-dashboard raise freeze
.PHONY: $(ALONE)

ifneq (,$(filter $(ALONE),$(MAKECMDGOALS)))

test:
	@test/run
demo:
	@test/demo/run
dashboard:
	@examples/dashboard/run
bench:
	@test/bench/run
fuzz:
	@test/fuzz/run
check-strict:
	@test/check_strict
check-versions:
	@test/check_versions
check-asan:
	@test/check_asan
check-valgrind:
	@test/check_valgrind
check-sqlsmith:
	@test/sqlsmith/run
check-differential:
	@test/differential/run
check-recovery:
	@test/recovery/run
check-scale:
	@test/scale/run
check-upgrade:
	@test/check_upgrade
check-deb:
	@test/check_deb
raise:
	@release/raise "$(VERSION)"
freeze:
	@release/freeze "$(VERSION)"
check-dashboard:
	@examples/dashboard/test/run

else

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# A line "@text_type NAME" stands for text_type.sql, about that type.
customer_tier--$(EXTVERSION).sql: src/base/text_type.sql src/base/install.sql $(SQL_TOPICS:%=src/%.sql)
	awk 'NR == FNR { template = template $$0 "\n"; next } \
		/^@text_type / { type = template; gsub(/@type@/, $$2, type); $$0 = type } \
		{ print }' $^ > $@

# Likelihoods spend their time in short loops over the parameters.
$(patsubst %,src/clv/%.o,bgnbd pareto_nbd bgbb gamma_gamma): CFLAGS += $(CFLAGS_UNROLL_LOOPS)

$(OBJS): $(wildcard $(srcdir)/src/*/*.h)

# A build outside the sources begins without folders.
FOLDERS = $(addprefix $(CURDIR)/,$(sort $(dir $(OBJS))))
$(OBJS): | $(FOLDERS)
$(FOLDERS):
	mkdir -p $@

# Compare the numeric decoder with the server's conversion on 5 million values.
.PHONY: check-decode
check-decode:
	$(MAKE) -C test/decode compare PG_CONFIG=$(PG_CONFIG)

endif
