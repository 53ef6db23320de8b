package io.dimstore.writer;

import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Hides the values of options that nobody may see. */
final class Secrets {

  private static final Pattern SOUNDS_SECRET =
      Pattern.compile(
          "password|secret|token|credential|access-?key|api-?key|jaas", Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** The options, with stars for what the store declares a secret and for what sounds like one. */
  static Map<String, String> masked(String store, Map<String, String> options) {
    Map<String, String> shown = new TreeMap<>(options);
    shown.replaceAll((name, value) -> isSecret(store, name) ? "******" : value);
    return shown;
  }

  private static boolean isSecret(String store, String name) {
    if (SOUNDS_SECRET.matcher(name).find()) {
      return true;
    }
    DimensionStoreFactory factory = DimensionStores.factories(StoreTable.classLoader()).get(store);
    String plain = StoreTable.withoutPrefix(store, name);
    return factory != null
        && factory.options().stream()
            .filter(StoreOption::isSecret)
            .anyMatch(
                option ->
                    option.isPrefix()
                        ? plain.startsWith(option.name())
                        : plain.equals(option.name()));
  }
}
