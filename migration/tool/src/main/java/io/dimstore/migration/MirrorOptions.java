// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.DurationText;
import io.dimstore.cli.Usage;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.StoreOption.Scope;
import io.dimstore.spi.support.CommonOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of the store {@code mirror} that a command line gives. The plan stores them, so that
 * every step counts the writes that the jobs leave, without being given it again.
 *
 * @param given the options without those of the two stores
 */
record MirrorOptions(Map<String, String> given) {

  private static final String ID = "mirror";

  /**
   * Copies the options.
   *
   * @throws io.dimstore.cli.UsageException for an option of one of the two stores, which the plan
   *     does not store: it may be a secret
   */
  MirrorOptions {
    given = new TreeMap<>(given);
    for (String name : given.keySet()) {
      if (name.startsWith("from.") || name.startsWith("to.")) {
        throw Usage.error(
            "--mirror-option "
                + name
                + " belongs to one of the two stores: use --from-option or --to-option");
      }
    }
  }

  /**
   * Returns the time after which every job acts on a change of the mode.
   *
   * @param said what the command line says, or null
   * @throws io.dimstore.cli.UsageException if that is shorter than the options allow
   */
  Duration propagation(@Nullable Duration said) {
    Set<StoreOption<?>> all =
        DimensionStores.factory(ID, MirrorOptions.class.getClassLoader()).options();
    Map<String, String> times = new TreeMap<>(given);
    // The names of the two stores are mandatory, and have no effect here.
    times.put("from.store", ID);
    times.put("to.store", ID);
    StoreConfig config = StoreConfig.parse("store 'mirror'", all, Scope.STORE, times);
    Duration sum = config.get(validity(all)).plus(config.get(CommonOptions.DEADLINE));
    if (said == null) {
      return sum;
    }
    if (said.isNegative() || said.isZero()) {
      throw Usage.badValue("--propagation", DurationText.of(said), "must be above 0s");
    }
    boolean stated =
        given.containsKey("mode.validity") || given.containsKey(CommonOptions.DEADLINE.name());
    if (stated && said.compareTo(sum) < 0) {
      throw Usage.badValue(
          "--propagation",
          DurationText.of(said),
          "must be at least "
              + DurationText.of(sum)
              + ", the sum of 'mode.validity' and 'deadline' as --mirror-option gives them");
    }
    return said;
  }

  @SuppressWarnings("unchecked")
  private static StoreOption<Duration> validity(Set<StoreOption<?>> all) {
    return (StoreOption<Duration>)
        all.stream()
            .filter(option -> option.name().equals("mode.validity"))
            .findAny()
            .orElseThrow();
  }

  /**
   * Refuses options that are not those of the plan.
   *
   * @throws MigrationException naming the option
   */
  void requireSame(MigrationState state) {
    given.forEach(
        (name, value) -> {
          String planned = state.mirrorOptions().get(name);
          if (!value.equals(planned)) {
            throw new MigrationException(
                "The plan of "
                    + state.table()
                    + (planned == null
                        ? " has no --mirror-option " + name
                        : " has --mirror-option " + name + "=" + planned)
                    + ", and this command gives '"
                    + value
                    + "'. Leave the option out: the plan's are used"
                    + (planned == null
                        ? ". If the jobs set it, the migration needs a new plan with it"
                        : ""));
          }
        });
  }
}
