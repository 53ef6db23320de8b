package io.dimstore.flink;

import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreOption;
import java.util.Map;
import java.util.regex.Pattern;

/** The table options whose values nobody may see, by name. */
final class SecretOptions {

  private static final Pattern SOUNDS_SECRET =
      Pattern.compile(
          "password|secret|token|credential|access-?key|api-?key|jaas", Pattern.CASE_INSENSITIVE);

  private final Map<String, DimensionStoreFactory> stores;

  private SecretOptions(Map<String, DimensionStoreFactory> stores) {
    this.stores = stores;
  }

  /** What the stores on the class path declare to be secret, and what sounds like it. */
  static SecretOptions onTheClassPath() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return new SecretOptions(
        DimensionStores.factories(
            context == null ? SecretOptions.class.getClassLoader() : context));
  }

  boolean contains(String key) {
    return SOUNDS_SECRET.matcher(key).find()
        || stores.values().stream().anyMatch(store -> isDeclared(store, key));
  }

  private static boolean isDeclared(DimensionStoreFactory store, String key) {
    String prefix = store.id() + ".";
    if (!key.startsWith(prefix)) {
      return false;
    }
    String name = key.substring(prefix.length());
    return store.options().stream()
        .filter(StoreOption::isSecret)
        .anyMatch(
            option ->
                option.isPrefix() ? name.startsWith(option.name()) : name.equals(option.name()));
  }
}
