// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.SecretNames;
import io.dimstore.spi.StoreOption;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The table options whose values nobody may see, by name. */
final class SecretOptions {

  /** The prefix of settings of Kafka's clients among the options of a table. */
  private static final String KAFKA = "properties.";

  private static final List<ConfigDef> KAFKA_CLIENTS =
      List.of(
          ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef());

  private final Map<String, DimensionStoreFactory> stores;

  private SecretOptions(Map<String, DimensionStoreFactory> stores) {
    this.stores = stores;
  }

  /**
   * Finds what the stores on the class path declare to be secret. Options that Kafka's clients
   * declare as passwords are secret too, and so are options whose names suggest a secret.
   */
  static SecretOptions onTheClassPath() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return new SecretOptions(
        DimensionStores.factories(
            context == null ? SecretOptions.class.getClassLoader() : context));
  }

  boolean contains(String key) {
    return SecretNames.contains(key)
        || (key.startsWith(KAFKA) && isPassword(key.substring(KAFKA.length())))
        || stores.values().stream().anyMatch(store -> isDeclared(store, key));
  }

  private static boolean isPassword(String setting) {
    return KAFKA_CLIENTS.stream()
        .map(client -> client.configKeys().get(setting))
        .anyMatch(declared -> declared != null && declared.type == ConfigDef.Type.PASSWORD);
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
