SELECT '${who}';
